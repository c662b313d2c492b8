import threading
from typing import Any

import pytest

from spanscore.evals import EvalCase, EvalHooks
from spanscore.evals._hooks import SharedHooks
from spanscore.tracing import NOOP_SPAN

pytestmark = pytest.mark.core


def hooks_of(metadata: Any = None, shared: SharedHooks | None = None, **case: Any) -> EvalHooks:
    given = EvalCase(input="i", expected=1, metadata=metadata, tags=("a",), **case)
    return EvalHooks(given, span=NOOP_SPAN, trial_index=2, shared=shared)


def test_metadata_is_a_copy_down_to_the_leaves() -> None:
    leaf = object()
    given = {"nested": {"list": [1, {"leaf": leaf}]}}
    hooks = hooks_of(given)
    hooks.metadata["nested"]["list"].append(2)
    hooks.meta(further=3)
    assert given == {"nested": {"list": [1, {"leaf": leaf}]}}
    assert hooks.metadata == {"nested": {"list": [1, {"leaf": leaf}, 2]}, "further": 3}


def test_tags_may_be_appended_to_or_assigned() -> None:
    hooks = hooks_of()
    hooks.tags.append("b")
    assert hooks.tags == ["a", "b"]
    hooks.tags = ("c",)  # type: ignore[assignment]
    assert hooks.tags == ["c"]


def test_hooks_tell_what_is_expected_and_which_trial_it_is() -> None:
    hooks = hooks_of(shared=SharedHooks(parameters={"k": 3}))
    assert (hooks.expected, hooks.trial_index, hooks.metadata) == (1, 2, {})
    assert (hooks.span, hooks.eval_span, hooks.parameters) == (NOOP_SPAN, NOOP_SPAN, {"k": 3})


def test_user_data_is_the_cases_until_the_task_puts_something_else_there() -> None:
    hooks = hooks_of(user_data="connection")
    assert hooks.user_data == "connection"
    hooks.user_data = 3
    assert (hooks.user_data, hooks_of().user_data) == (3, None)


def test_progress_goes_to_whoever_asked_with_the_case() -> None:
    told: list[Any] = []
    shared = SharedHooks(on_progress=lambda case, progress: told.append((case.input, progress)))
    hooks_of(shared=shared).report_progress({"event": "start", "data": ""})
    hooks_of().report_progress({"event": "start", "data": ""})
    assert told == [("i", {"event": "start", "data": ""})]


@pytest.mark.parametrize("asked_before", [True, False])
def test_a_task_that_nobody_waits_for_can_find_out(asked_before: bool) -> None:
    hooks = hooks_of()
    event = hooks.cancel_event if asked_before else None
    assert event is None or not event.is_set()
    hooks.cancel()
    assert hooks.cancel_event.is_set()


def test_the_cancel_event_of_the_eval_is_set_by_no_single_case() -> None:
    event = threading.Event()
    hooks = hooks_of(shared=SharedHooks(cancel_event=event))
    assert hooks.cancel_event is event
    hooks.cancel()
    assert not event.is_set()
