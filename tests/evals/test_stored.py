"""Stored trials: what a scorer may ask for is read back from the rows."""

import pytest

from spanscore._json import JsonText, to_json
from spanscore.errors import EvalError
from spanscore.evals import EvalCase
from spanscore.evals._stored import stored_trial
from spanscore.wire.rows import Row

pytestmark = pytest.mark.core


def row(span_id: str = "a" * 16, above: str | None = None, kind: str = "eval", **fields: object) -> Row:
    return Row(
        parent="experiment_id:e",
        id=span_id,
        span_id=span_id,
        root_span_id="b" * 32,
        parent_span_id=above,
        name=kind,
        type=kind,
        start_ns=1,
        end_ns=2,
        fields={name: to_json(value) for name, value in fields.items()},
    )


def test_the_case_and_what_came_of_it() -> None:
    origin = {"object_type": "dataset", "object_id": "d", "id": "1"}
    metadata = {"topic": "faq", "case_key": "c", "trial_index": 0, "attempt": 1, "fingerprints": {}}
    task = row("c" * 16, "a" * 16, "task")
    root = row(input=[1], output={"x": 1}, expected=2, metadata=metadata, tags=["t"], origin=origin)
    stored = stored_trial([task, root])
    assert stored.case == EvalCase(
        input=[1], expected=2, metadata={"topic": "faq"}, tags=("t",), origin=origin
    )
    assert (stored.output, stored.output_json, stored.error) == ({"x": 1}, JsonText('{"x":1}'), None)
    assert (stored.trace_id, stored.span_id) == ("b" * 32, "a" * 16)
    assert [each.type for each in stored.rows] == ["eval", "task"]


def test_a_failed_task_has_its_error_and_no_output() -> None:
    stored = stored_trial([row(input="q", error="ValueError: boom")])
    assert stored.output is None
    assert stored.output_json == "null"
    assert isinstance(stored.error, EvalError)
    assert str(stored.error) == "ValueError: boom"


def test_a_trace_without_a_finished_eval_span_is_an_error() -> None:
    with pytest.raises(EvalError, match="no finished eval span"):
        stored_trial([row("c" * 16, "a" * 16, "task")])
