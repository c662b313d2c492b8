"""Rows: what they say, and their form under Braintrust's names."""

import pytest

from spanscore._json import JsonText
from spanscore.wire.rows import Row

pytestmark = pytest.mark.core

TEXTS = {
    "input": '{"question":"why?"}',
    "output": '"because"',
    "scores": '{"exact":0.5,"skipped":null}',
    "metadata": '{"model":"m"}',
    "metrics": '{"tokens":3}',
    "tags": '["a"]',
    "span_attributes": '{"purpose":"scorer","type":"ignored"}',
}


def row(parent: str = "experiment_id:e1", parent_span_id: str | None = "00000000000000aa") -> Row:
    return Row(
        parent=parent,
        id="00000000000000bb",
        span_id="00000000000000bb",
        root_span_id="0" * 31 + "1",
        parent_span_id=parent_span_id,
        name="exact",
        type="score",
        start_ns=1_700_000_000_123_456_789,
        end_ns=1_700_000_001_123_456_789,
        fields={name: JsonText(text) for name, text in TEXTS.items()},
        project_id="p1",
        xact_id="1000000000000000001",
    )


def test_as_dict_has_every_field_and_the_ids_of_the_container() -> None:
    assert row().as_dict() == {
        "id": "00000000000000bb",
        "span_id": "00000000000000bb",
        "root_span_id": "00000000000000000000000000000001",
        "span_parents": ["00000000000000aa"],
        "is_root": False,
        "created": "2023-11-14T22:13:20.123456Z",
        "project_id": "p1",
        "experiment_id": "e1",
        "input": {"question": "why?"},
        "output": "because",
        "expected": None,
        "error": None,
        "scores": {"exact": 0.5, "skipped": None},
        "metadata": {"model": "m"},
        "metrics": {"start": 1_700_000_000.123456789, "end": 1_700_000_001.123456789, "tokens": 3},
        "span_attributes": {"purpose": "scorer", "type": "score", "name": "exact"},
        "context": None,
        "origin": None,
        "classifications": None,
        "tags": ["a"],
        "comments": None,
        "_xact_id": "1000000000000000001",
    }


@pytest.mark.parametrize(
    ("parent", "ids"),
    [
        ("experiment_id:e", {"project_id": "p1", "experiment_id": "e"}),
        ("project_name:n", {"project_id": "p1", "log_id": "g"}),
        ("project_id:p", {"project_id": "p", "log_id": "g"}),
        ("playground_id:g", {"project_id": "p1", "prompt_session_id": "g", "log_id": "x"}),
    ],
)
def test_each_kind_of_container_has_its_ids(parent: str, ids: dict[str, str]) -> None:
    names = ("project_id", "experiment_id", "prompt_session_id", "log_id")
    assert {name: value for name, value in row(parent).as_dict().items() if name in names} == ids


def test_absent_objects_read_as_empty_and_absent_values_as_none() -> None:
    empty = Row(
        parent="project_id:p",
        id="1" * 16,
        span_id="1" * 16,
        root_span_id="1" * 32,
        parent_span_id=None,
        name="n",
        type="task",
        start_ns=0,
        end_ns=500_000_000,
        fields={},
    )
    assert (empty.input, empty.output, empty.expected, empty.error, empty.origin) == (None,) * 5
    assert (empty.scores, empty.metadata, empty.context, empty.classifications) == ({}, {}, {}, {})
    assert (empty.tags, empty.comments, empty.span_parents) == ([], [], ())
    assert (empty.metrics, empty.duration_s) == ({"start": 0.0, "end": 0.5}, 0.5)
    assert (empty.is_root, empty.created) == (True, "1970-01-01T00:00:00.000000Z")
    assert empty.as_dict()["span_parents"] is None


def test_times_that_the_program_measured_itself_win() -> None:
    fields = {"metrics": JsonText('{"start":5}')}
    measured = Row(
        parent="project_id:p",
        id="1" * 16,
        span_id="1" * 16,
        root_span_id="1" * 32,
        parent_span_id=None,
        name="n",
        type="task",
        start_ns=0,
        end_ns=1,
        fields=fields,
    )
    assert measured.metrics == {"start": 5, "end": 1e-9}
