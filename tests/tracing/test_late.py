"""What is told of rows whose spans have ended."""

import json
from typing import Any

import pytest

from spanscore._json import from_json
from spanscore.errors import ConfigError, ScoreError
from spanscore.testing import recorded_spans
from spanscore.tracing import NOOP_SPAN, start_span
from spanscore.tracing._late import feedback_fields, send_feedback, send_late, span_number
from spanscore.wire.records import RowUpdate

pytestmark = pytest.mark.core

PARENT = "experiment_id:e1"
UUID = "0b1c2d3e-0000-4000-8000-000000000000"


def fields(update: RowUpdate) -> dict[str, Any]:
    return {name: from_json(text) for name, text in update.fields.items()}


def test_an_update_has_the_fields_that_are_given() -> None:
    event = {
        "output": None,
        "metadata": {"a": 1},
        "scores": None,
        "tags": "t",
        "error": KeyError("k"),
        "other": 1,
    }
    with recorded_spans() as recorded:
        send_late(PARENT, 3, 4, event)
        send_late(PARENT, 3, 4, {"metrics": None})
    (update,) = recorded.updates
    assert (update.parent, update.trace_id, update.span_id) == (PARENT, 3, 4)
    assert fields(update) == {"output": None, "metadata": {"a": 1}, "tags": ["t"], "error": "KeyError: 'k'"}


def test_nothing_is_told_where_nothing_is_recorded() -> None:
    send_late(PARENT, 3, 4, {"output": 1})
    send_feedback(PARENT, 0, UUID, {"comment": "nice"})
    NOOP_SPAN.log_feedback(comment="nice")


def test_feedback_is_a_merge_that_says_who_has_given_it() -> None:
    feedback = {
        "scores": {"thumbs": True},
        "expected": "b",
        "tags": ["x"],
        "metadata": {"user": "u"},
        "source": "app",
    }
    with recorded_spans() as recorded:
        send_feedback(PARENT, 0, "00000000000000ff", feedback)
    (update,) = recorded.updates
    assert (update.trace_id, update.span_id) == (0, 255)
    assert fields(update) == {
        "scores": {"thumbs": 1.0},
        "expected": "b",
        "tags": ["x"],
        "_audit_source": "app",
        "_audit_metadata": {"user": "u"},
    }


def test_a_comment_has_an_id_and_a_time_of_its_own() -> None:
    told = dict(feedback_fields({"comment": "nice", "metadata": {"user": "u"}}))
    (comment,) = json.loads(told["comments"])
    assert len(comment.pop("id")) == 36
    assert comment.pop("created").endswith("+00:00")
    assert comment == {
        "comment": {"text": "nice"},
        "_audit_source": "external",
        "_audit_metadata": {"user": "u"},
    }


def test_a_row_that_was_given_an_id_is_known_by_it() -> None:
    with recorded_spans() as recorded:
        send_feedback(PARENT, 0, UUID, {"comment": "nice"})
        send_late(PARENT, 0, span_number("my own"), {"output": 1}, row_id="my own")
        send_late(PARENT, 0, 1, {"output": 1}, row_id="0000000000000001")
    first, second, of_a_span = recorded.updates
    assert fields(first)["_row_id"] == UUID
    assert fields(second)["_row_id"] == "my own"
    assert second.span_id == span_number("my own")
    assert "_row_id" not in of_a_span.fields


@pytest.mark.parametrize(
    ("feedback", "error", "message"),
    [
        ({}, ConfigError, "has nothing in it; give scores, expected, tags or a comment"),
        ({"comment": "a", "source": "me"}, ConfigError, "is 'me'; give one of external, app, api"),
        ({"scores": {"good": 2}}, ScoreError, "the score 'good' is 2"),
    ],
)
def test_feedback_that_is_none_is_refused(
    feedback: dict[str, Any], error: type[Exception], message: str
) -> None:
    with recorded_spans() as recorded:
        with pytest.raises(error, match=message):
            send_feedback(PARENT, 0, UUID, feedback)
        with start_span("a", parent=PARENT) as span, pytest.raises(error, match=message):
            span.log_feedback(**feedback)
    assert recorded.updates == []


def test_a_span_is_told_feedback_by_itself() -> None:
    with recorded_spans() as recorded, start_span("a", parent=PARENT) as span:
        span.log_feedback(scores={"good": 1})
    (update,) = recorded.updates
    assert (f"{update.trace_id:032x}", f"{update.span_id:016x}") == (span.root_span_id, span.id)


def test_a_number_is_made_of_any_id_and_always_the_same() -> None:
    assert span_number("00000000000000ff") == 255
    assert span_number("0" * 16) > 0
    assert span_number("my own") == span_number("my own") != span_number("another")
    assert 0 < span_number("\ud800") < 1 << 64


@pytest.mark.parametrize("row_id", [None, 5, ""])
def test_what_is_no_id_is_refused(row_id: Any) -> None:
    with pytest.raises(ConfigError, match="give what log"):
        send_feedback(PARENT, 0, row_id, {"comment": "nice"})
