"""Records and spans as changes of a dataset."""

from collections.abc import Sequence
from typing import Any

import pytest

from finished_spans import finished
from spanscore._json import to_json
from spanscore.cli._dataset_import import changes_of_records, changes_of_spans, write_all
from spanscore.cli._row_filter import row_filter
from spanscore.datasets import inserted
from spanscore.store import ingest
from spanscore.wire.datasets import DatasetChange

pytestmark = pytest.mark.core


def test_records_with_and_without_an_id() -> None:
    records = [{"id": "1", "input": 1}, {"input": 1}, {"input": 1}, {"input": 1, "expected": 2}]
    ids = [change.id for change in changes_of_records(records)]
    assert (ids[0], ids[1] == ids[2], len(set(ids))) == ("1", True, 3)


def test_spans_give_what_they_expected_or_else_their_output() -> None:
    def span(number: int, **fields: Any) -> Any:
        attributes = {f"braintrust.{name}_json": to_json(value) for name, value in fields.items()}
        return ingest(finished(attributes, span_id=number, above=None if number < 4 else 1))

    rows = [
        span(1, input="a", output="b"),
        span(2, input="a", output="b", expected="c"),
        span(3),
        span(4, input="d"),
    ]
    found = [
        (change.id[-1], change.fields.get("expected"))
        for change in changes_of_spans(rows, [], are_roots=True)
    ]
    assert found == [("1", '"b"'), ("2", '"c"')]
    filtered = changes_of_spans(rows, [row_filter("input=[da]"), row_filter("id=.*[14]$")], are_roots=False)
    assert [change.id[-1] for change in filtered] == ["1", "4"]


class Portions:
    def __init__(self) -> None:
        self.sizes: list[int] = []

    def write_records(self, dataset_id: str, changes: Sequence[DatasetChange]) -> None:
        self.sizes.append(len(changes))


def test_portions_are_small_in_number_and_size() -> None:
    portions: Any = Portions()
    many = (inserted(input=number) for number in range(250))
    assert list(write_all(portions, "d", many)) == [100, 200, 250]
    large = (inserted(input="x" * (3 << 20)) for _ in range(3))
    assert list(write_all(portions, "d", large)) == [2, 3]
    assert portions.sizes == [100, 100, 50, 2, 1]
