"""What users say of a record, as a change."""

from dataclasses import dataclass
from typing import Any

import pytest

from spanscore._json import to_json
from spanscore.datasets._changes import content_id, deleted, inserted, known_by_content, updated
from spanscore.errors import ConfigError
from spanscore.wire.datasets import DatasetChange

pytestmark = pytest.mark.core


@dataclass
class About:
    source: str


def test_an_insert_has_what_was_given_and_nothing_else() -> None:
    change = inserted(id="r", input={"q": 1}, expected=False, metadata={"k": None}, tags=("a", "b", "a"))
    fields = {"input": '{"q":1}', "expected": "false", "metadata": '{"k":null}', "tags": '["a","b"]'}
    assert change == DatasetChange(
        id="r", kind="insert", fields={k: to_json(0).__class__(v) for k, v in fields.items()}
    )
    assert inserted(metadata=About("faq")).fields == {"metadata": '{"source":"faq"}'}


def test_an_insert_without_an_id_gets_one() -> None:
    ids = {inserted(input=1).id for _ in range(3)}
    assert [len(ids), *map(len, ids)] == [3, 36, 36, 36]


def test_updates_and_deletions() -> None:
    assert updated("r", expected=0, tags=None) == DatasetChange(
        id="r", kind="merge", fields={"expected": to_json(0)}
    )
    assert deleted("r") == DatasetChange(id="r", kind="delete")


def test_values_are_kept_whole_with_what_looks_like_a_credential() -> None:
    long = "x" * (3 << 20)
    change = inserted(input={"api_key": "sk-test", "text": long})
    assert change.fields["input"] == f'{{"api_key":"sk-test","text":"{long}"}}'


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "id": ({"id": 5}, "the id of a record is 5; give text, or None for a new one"),
    "empty id": ({"id": ""}, "the id of a record is ''; give text, or None for a new one"),
    "metadata": ({"metadata": [1]}, 'metadata is [1]; give a mapping, such as {"source": "faq"}'),
    "keys": ({"metadata": {1: 2}}, "metadata has the key 1; keys are text"),
    "tags": ({"tags": "smoke"}, 'tags are "smoke"; give a list of texts, such as ["smoke"]'),
    "members": ({"tags": [1]}, 'tags are [1]; give a list of texts, such as ["smoke"]'),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_meant(name: str) -> None:
    given, message = WRONG[name]
    with pytest.raises(ConfigError) as caught:
        inserted(**given)
    assert str(caught.value) == message


def test_equal_records_have_equal_ids() -> None:
    first = known_by_content(inserted(input={"a": 1, "b": 2}, expected="x"))
    second = known_by_content(inserted(input={"b": 2, "a": 1}, expected="x"))
    other = known_by_content(inserted(input={"b": 2, "a": 1}, expected="y"))
    assert first.id == second.id != other.id
    assert first.fields["input"] == '{"a":1,"b":2}'
    # They are in users' stores: they stay what they are.
    assert content_id({"input": to_json("q")}) == "937ebf23-1aba-54b5-ba21-af990d5a91f7"
