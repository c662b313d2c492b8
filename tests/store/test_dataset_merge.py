"""Changes laid over records, by the rules of Braintrust's ingest."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore._json import JsonText, from_json, to_json
from spanscore.store._dataset_merge import Revision, changed, merged
from spanscore.wire.datasets import DatasetChange

pytestmark = pytest.mark.core

THEN, NOW = "2026-01-01T00:00:00.000000Z", "2026-02-02T00:00:00.000000Z"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


def texts(**fields: Any) -> dict[str, JsonText]:
    return {name: to_json(value) for name, value in fields.items()}


def there(**fields: Any) -> Revision:
    return Revision(values=texts(**fields), created=THEN)


def merge(before: Revision | None, **fields: Any) -> dict[str, Any]:
    after = changed(before, DatasetChange(id="r", kind="merge", fields=texts(**fields)), NOW)
    assert after is not None
    return {name: from_json(text) for name, text in after.values.items()}


def test_an_insert_replaces_everything() -> None:
    insert = DatasetChange(id="r", kind="insert", fields=texts(input=1, expected=None))
    assert changed(there(input=0, expected=2), insert, NOW) == Revision(values=texts(input=1), created=NOW)


def test_an_insert_may_say_when_it_was() -> None:
    insert = DatasetChange(id="r", kind="insert", fields=texts(input=1), created=THEN)
    assert changed(None, insert, NOW) == Revision(values=texts(input=1), created=THEN)


def test_a_merge_goes_into_objects_and_replaces_everything_else() -> None:
    before = there(input={"q": {"a": 1, "b": [1, 2]}}, expected="x", metadata={"k": 1})
    assert merge(before, input={"q": {"b": [3], "c": None}}, expected={"y": 1}) == {
        "input": {"q": {"a": 1, "b": [3], "c": None}},
        "expected": {"y": 1},
        "metadata": {"k": 1},
    }


def test_a_merge_unites_tags_and_takes_some_away() -> None:
    before = there(tags=["a", "b"])
    assert merge(before, tags=["c", "a"]) == {"tags": ["a", "b", "c"]}
    change = DatasetChange(id="r", kind="merge", fields=texts(tags=["c"]), removed=["a"])
    assert changed(before, change, NOW) == Revision(values=texts(tags=["b", "c"]), created=THEN)


def test_null_clears_a_field() -> None:
    assert merge(there(input=1, expected=2, tags=["a"]), expected=None, tags=None) == {"input": 1}


def test_a_merge_stops_at_its_paths() -> None:
    before = there(input={"a": {"x": 1}, "b": {"x": 1}}, metadata={"m": 1})
    change = DatasetChange(
        id="r",
        kind="merge",
        fields=texts(input={"a": {"y": 2}, "b": {"y": 2}}, metadata={"n": 1}),
        merge_paths=[["input", "a"], ["metadata"]],
    )
    assert changed(before, change, NOW) == Revision(
        values=texts(input={"a": {"y": 2}, "b": {"x": 1, "y": 2}}, metadata={"n": 1}), created=THEN
    )


def test_a_merge_without_a_record_inserts_it() -> None:
    gone = Revision(values={}, created=THEN, is_deleted=True)
    for before in (None, gone):
        change = DatasetChange(id="r", kind="merge", fields=texts(input=1, tags=["a"]))
        assert changed(before, change, NOW) == Revision(values=texts(input=1, tags=["a"]), created=NOW)


def test_a_deletion_leaves_nothing_of_what_is_there() -> None:
    delete = DatasetChange(id="r", kind="delete")
    assert changed(there(input=1), delete, NOW) == Revision(values={}, created=THEN, is_deleted=True)
    assert changed(None, delete, NOW) is None


@given(JSON, JSON)
def test_what_is_laid_over_is_found_again(first: Any, second: Any) -> None:
    both = merged(first, second)
    assert merged(both, second) == both
    assert merged(first, second, [()]) == second


@given(JSON, JSON, JSON)
def test_it_does_not_matter_what_is_laid_over_first(first: Any, second: Any, third: Any) -> None:
    if isinstance(second, dict) and isinstance(third, dict):
        assert merged(merged(first, second), third) == merged(first, merged(second, third))
