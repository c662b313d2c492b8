"""Updates of rows as bodies of merge requests."""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest

from spanscore._json import JsonText, to_json
from spanscore.delivery._row_merge import (
    MAX_REQUEST,
    MAX_ROWS,
    container_of,
    encode_merge,
    encode_row,
    in_bodies,
)
from spanscore.wire.parent import Parent
from spanscore.wire.records import RowUpdate

pytestmark = pytest.mark.core

PROJECT = {"project_id": "p1", "log_id": "g"}


def update(span_id: int = 2, **fields: Any) -> RowUpdate:
    texts = {name: to_json(value, max_bytes=10_000_000) for name, value in (fields or {"output": 1}).items()}
    return RowUpdate(parent="project_id:p1", trace_id=1, span_id=span_id, fields=texts)


def bodies(*updates: RowUpdate) -> list[Any]:
    return [json.loads(body) for body in encoded(*updates)]


def encoded(*updates: RowUpdate) -> Iterator[bytes]:
    return in_bodies(chain.from_iterable(encode_merge(each, PROJECT) for each in updates))


CONTAINERS = {
    "experiment_id:e1": {"experiment_id": "e1"},
    "project_id:p1": {"project_id": "p1", "log_id": "g"},
    "playground_id:s1": {"prompt_session_id": "s1", "log_id": "x"},
}


@pytest.mark.parametrize("parent", CONTAINERS)
def test_container_is_named_by_its_columns(parent: str) -> None:
    assert container_of(Parent.parse(parent)) == CONTAINERS[parent]


def test_a_row_is_a_merge_into_the_spans_row() -> None:
    assert json.loads(encode_row(update(scores={"ok": 1}, tags=["a"]), PROJECT)) == {
        "project_id": "p1",
        "log_id": "g",
        "id": "0000000000000002",
        "span_id": "0000000000000002",
        "root_span_id": "00000000000000000000000000000001",
        "_is_merge": True,
        "scores": {"ok": 1},
        "tags": ["a"],
    }


def test_values_are_replaced_where_objects_would_be_merged() -> None:
    row = json.loads(encode_row(update(output={"a": 1}, metadata={"b": 2}), PROJECT))
    assert row["_merge_paths"] == [["output"]]


def test_json_texts_are_taken_as_they_are() -> None:
    odd = JsonText('{ "n": 123456789012345678901234567890, "e":1E2 }')
    row = encode_row(RowUpdate(parent="", trace_id=1, span_id=1, fields={"output": odd}), PROJECT)
    assert odd.encode() in row


def test_a_lone_surrogate_becomes_its_escape() -> None:
    odd = RowUpdate(parent="", trace_id=1, span_id=1, fields={"output": JsonText('"\ud800"')})
    assert b'"output":"\\ud800"' in encode_row(odd, PROJECT)


def test_a_field_never_replaces_what_says_where_the_row_is() -> None:
    row = json.loads(encode_row(update(id="x", _is_merge=False, project_id="other"), PROJECT))
    assert (row["id"], row["_is_merge"], row["project_id"]) == ("0000000000000002", True, "p1")


def test_updates_of_different_rows_share_a_body_in_their_order() -> None:
    (body,) = bodies(update(1), update(2), update(3))
    assert body["api_version"] == 2
    assert [row["id"][-1] for row in body["rows"]] == ["1", "2", "3"]


def test_two_updates_of_one_row_are_never_in_one_body() -> None:
    made = bodies(update(1, output=1), update(2), update(1, output=2), update(1, output=3))
    assert [[(row["id"][-1], row["output"]) for row in body["rows"]] for body in made] == [
        [("1", 1), ("2", 1)],
        [("1", 2)],
        [("1", 3)],
    ]


def test_a_row_is_one_by_whatever_trace_it_is_known() -> None:
    foreign = RowUpdate(parent="project_id:p1", trace_id=0, span_id=2, fields={"output": to_json(2)})
    assert len(bodies(update(2, output=1), foreign)) == 2


def test_after_a_repeated_row_others_share_a_body_again() -> None:
    made = bodies(*[update(1 + n % 3) for n in range(9)])
    assert [[row["id"][-1] for row in body["rows"]] for body in made] == [["1", "2", "3"]] * 3


def test_bodies_have_at_most_so_many_rows() -> None:
    assert [len(body["rows"]) for body in bodies(*map(update, range(1, 251)))] == [MAX_ROWS, MAX_ROWS, 50]


def test_bodies_stay_below_the_limit_and_a_larger_row_comes_alone() -> None:
    million, huge = "x" * 1_000_000, "x" * 7_000_000
    updates = [update(n, output=huge if n == 3 else million) for n in range(1, 12)]
    made = list(encoded(*updates))
    assert [len(json.loads(body)["rows"]) for body in made] == [2, 1, 5, 3]
    assert [len(body) > MAX_REQUEST for body in made] == [False, True, False, False]


def test_no_updates_are_no_body() -> None:
    assert bodies() == []


def test_comments_are_rows_of_their_own() -> None:
    comment = {"id": "c1", "created": "now", "comment": {"text": "nice"}, "_audit_source": "external"}
    audit: Any = {"_audit_source": "external", "_audit_metadata": {}}
    (alone,) = bodies(update(comments=[comment], **audit))
    about = {**comment, **PROJECT, "origin": {"id": "0000000000000002"}}
    assert alone["rows"] == [about]
    (both,) = bodies(update(comments=[comment], scores={"good": 1}, **audit))
    row, said = both["rows"]
    assert said == about
    assert (row["scores"], row["_audit_source"], "comments" in row) == ({"good": 1}, "external", False)


def test_a_row_that_is_known_by_its_id_alone_is_told_no_ids_of_spans() -> None:
    known = RowUpdate(parent="project_id:p1", trace_id=0, span_id=2, fields={"tags": to_json(["a"])})
    assert json.loads(encode_row(known, PROJECT)) == {
        **PROJECT,
        "id": "0000000000000002",
        "_is_merge": True,
        "tags": ["a"],
    }
    foreign = RowUpdate(
        parent="project_id:p1",
        trace_id=0,
        span_id=2,
        fields={"_row_id": to_json("uuid"), "tags": to_json(["a"])},
    )
    assert json.loads(encode_row(foreign, PROJECT))["id"] == "uuid"
