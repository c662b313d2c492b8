"""Spans whose rows a program has named."""

import json

import pytest

from finished_spans import PROJECT, finished
from spanscore._json import to_json
from spanscore.delivery._given_rows import encode_whole_row, given_row_id
from spanscore.wire.rows import Row

pytestmark = pytest.mark.core

NAMED = to_json({"span_origin": {"name": "spanscore"}, "row_id": "order-17"})


def test_the_id_stands_in_the_context() -> None:
    assert given_row_id(finished({"braintrust.context_json": NAMED})) == "order-17"
    assert given_row_id(finished()) is None


def test_a_row_is_whole_and_takes_the_place_of_another() -> None:
    fields = {"context": NAMED, "output": to_json(2), "tags": to_json(["t"]), "comments": to_json([])}
    row = Row(
        parent=PROJECT,
        id="0000000000000001",
        span_id="0000000000000001",
        root_span_id="0" * 31 + "2",
        parent_span_id=None,
        name="log",
        type="task",
        start_ns=1_000_000_000,
        end_ns=2_000_000_000,
        fields=fields,
    )
    assert json.loads(encode_whole_row(row, {"project_id": "p1", "log_id": "g"})) == {
        "id": "order-17",
        "span_id": "0000000000000001",
        "root_span_id": "0" * 31 + "2",
        "project_id": "p1",
        "log_id": "g",
        "created": "1970-01-01T00:00:01.000000Z",
        "output": 2,
        "tags": ["t"],
        "context": json.loads(NAMED),
        "metrics": {"start": 1.0, "end": 2.0},
        "span_attributes": {"name": "log", "type": "task"},
        "_is_merge": False,
    }
