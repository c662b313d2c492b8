"""Updates laid over a row."""

from typing import Any

import pytest

from finished_spans import finished
from spanscore._json import from_json
from spanscore.store import ingest
from spanscore.store._updates import updated, valid_fields

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("metadata", "[1]", {"metadata": {"k": 1}, "output": "o"}),
        ("metadata", "{no", {"metadata": {"k": 1}, "output": "o"}),
        ("tags", '{"a":1}', {"metadata": {"k": 1}, "output": "o"}),
        ("nonsense", "1", {"metadata": {"k": 1}, "output": "o"}),
        ("metadata", "null", {"output": "o"}),
        ("output", " null", {"metadata": {"k": 1}}),
    ],
)
def test_an_update_that_does_not_fit(name: str, text: str, expected: dict[str, Any]) -> None:
    row = ingest(finished({"braintrust.metadata": '{"k":1}', "braintrust.output": "o"}))
    fields = updated(row, valid_fields({name: text})).fields
    assert {key: from_json(value) for key, value in fields.items() if key != "context"} == expected


def test_the_label_follows_the_span_attributes() -> None:
    row = updated(ingest(finished()), valid_fields({"span_attributes": '{"type":"tool","name":"t"}'}))
    assert (row.type, row.name, row.span_attributes) == ("tool", "t", {"type": "tool", "name": "t"})


def test_comments_are_added() -> None:
    row = ingest(finished())
    for text in ('[{"id":"1"}]', '[{"id":"2"}]', '[{"id":"1"}]'):
        row = updated(row, valid_fields({"comments": text}))
    assert row.comments == [{"id": "1"}, {"id": "2"}]
