"""A run owns its span, and is below what its framework or the program's own spans say."""

import contextvars
import logging
from collections.abc import Callable
from typing import Any

import pytest
from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import StatusCode

from span_reading import attribute, told
from spanscore import start_span
from spanscore.integrations._endpoint import Description
from spanscore.integrations._run import Run
from spanscore.testing import RecordedRecords, recorded_spans

pytestmark = pytest.mark.core


def tree(recorded: RecordedRecords) -> dict[str, str | None]:
    """The name of the span above by the name of a span."""
    names = {span.context.span_id: span.name for span in recorded.spans if span.context}
    return {span.name: names[span.parent.span_id] if span.parent else None for span in recorded.spans}


def only(recorded: RecordedRecords) -> ReadableSpan:
    (span,) = recorded.spans
    return span


def test_what_goes_in_and_comes_out_is_told(recorded: RecordedRecords) -> None:
    run = Run("plan", span_type="task")
    run.describe(Description(input="hi", metadata={"a": 1}, more={"b": 2}))
    run.describe(Description(output="ho", metadata={"c": 3}, attributes={"gen_ai.operation.name": "x"}))
    run.end()
    span = only(recorded)
    assert told(span) == {"input": "hi", "output": "ho", "metadata": {"a": 1, "c": 3}, "metrics": None}
    assert attribute(span, "span_attributes") == {"type": "task"}
    assert (span.attributes or {})["gen_ai.operation.name"] == "x"


def test_all_is_told_where_it_is_wanted() -> None:
    with recorded_spans(capture="all") as recorded:
        run = Run("plan", span_type="task")
        run.describe(Description(metadata={"a": 1}, more={"b": 2}))
        run.end()
    assert attribute(only(recorded), "metadata") == {"b": 2, "a": 1}


def test_it_begins_and_ends_when_it_is_said_to(recorded: RecordedRecords) -> None:
    Run("plan", span_type="task", start_ns=5).end(9)
    assert (only(recorded).start_time, only(recorded).end_time) == (5, 9)


def test_it_ends_once(recorded: RecordedRecords, caplog: pytest.LogCaptureFixture) -> None:
    run = Run("plan", span_type="task")
    run.end()
    run.end()
    run.describe(Description(output="too late"))
    run.fail("too late")
    assert len(recorded.spans) == 1
    assert caplog.record_tuples == []


@pytest.mark.parametrize(
    ("error", "description", "events"),
    [("no luck", "no luck", []), (ValueError("no luck"), "ValueError: no luck", ["exception"])],
    ids=["text", "exception"],
)
def test_what_went_wrong_is_recorded(
    error: BaseException | str, description: str, events: list[str], recorded: RecordedRecords
) -> None:
    run = Run("plan", span_type="task")
    run.fail(error)
    run.end()
    status = only(recorded).status
    assert (status.status_code, status.description) == (StatusCode.ERROR, description)
    assert [event.name for event in only(recorded).events] == events


def test_spans_made_inside_are_below_it(recorded: RecordedRecords) -> None:
    before = otel_context.get_current()
    run = Run("plan", span_type="task")
    with run:
        assert trace.get_current_span() is run.span
        start_span("inner").end()
    assert otel_context.get_current() is before
    run.end()
    assert tree(recorded) == {"inner": "plan", "plan": None}


def test_one_that_raises_is_over(recorded: RecordedRecords) -> None:
    with pytest.raises(ValueError, match="no"), Run("plan", span_type="task"):
        raise ValueError("no")
    assert only(recorded).status.status_code is StatusCode.ERROR


def test_it_is_below_what_the_framework_says_unless_a_span_lies_between(recorded: RecordedRecords) -> None:
    agent = Run("agent", span_type="task")
    other = Run("other", span_type="task")
    with agent, start_span("between"):
        Run("near", span_type="tool", above=agent).end()
        Run("far", span_type="tool", above=other).end()
    Run("outside", span_type="tool", above=agent).end()
    other.end()
    agent.end()
    assert tree(recorded) == {
        "near": "between",
        "far": "other",
        "between": "agent",
        "outside": "agent",
        "other": None,
        "agent": None,
    }


def test_whoever_ends_out_of_turn_leaves_nothing_behind(recorded: RecordedRecords) -> None:
    before = otel_context.get_current()
    first, second, third = (Run(name, span_type="task") for name in ("first", "second", "third"))
    for run in (first, second, third):
        run.enter()
    for run in (first, second):
        run.end()
        run.leave()
        assert trace.get_current_span() is third.span
    third.end()
    third.leave()
    assert otel_context.get_current() is before


def test_left_in_another_context_it_changes_nothing(recorded: RecordedRecords) -> None:
    run = Run("plan", span_type="task")
    contextvars.copy_context().run(run.enter)
    before = otel_context.get_current()
    run.leave()
    assert otel_context.get_current() is before


def call(text: str, tokens: int) -> tuple[Description, Description]:
    return Description(input=text), Description(output=text.upper(), metrics={"tokens": tokens})


def test_what_model_calls_took_is_summed_up_where_that_is_wanted(recorded: RecordedRecords) -> None:
    agent = Run("agent", span_type="task", sums_up=True)
    step = Run("step", span_type="task", above=agent)
    with step:
        # Known by the context alone.
        inner = Run("inner", span_type="task", sums_up=True)
    inner.describe(Description(input="told"))
    inner.add(*call("a", 3))
    step.add(*call("b", 4))
    inner.add(Description(), Description())
    for run in (inner, step, agent):
        run.end()
    nothing = {"input": None, "output": None, "metadata": None, "metrics": None}
    assert [told(span) for span in recorded.spans] == [
        {**nothing, "input": "told", "output": "A", "metrics": {"tokens": 3}},
        nothing,
        {**nothing, "input": "a", "output": "B", "metrics": {"tokens": 7}},
    ]


def test_what_a_tool_talks_about_is_not_the_agents_conversation(recorded: RecordedRecords) -> None:
    agent = Run("agent", span_type="task", sums_up=True)
    tool = Run("tool", span_type="tool", above=agent)
    tool.add(*call("a", 3))
    tool.end()
    agent.end()
    assert told(recorded.spans[1]) == {
        "input": None,
        "output": None,
        "metadata": None,
        "metrics": {"tokens": 3},
    }


@pytest.mark.parametrize(
    "use",
    [
        lambda run: run.describe(Description(input="hi")),
        lambda run: run.fail("no"),
        lambda run: run.add(*call("a", 1)),
    ],
    ids=["describe", "fail", "add"],
)
def test_one_that_is_not_sampled_says_nothing(
    use: Callable[[Run], Any], caplog: pytest.LogCaptureFixture
) -> None:
    with recorded_spans(sampler=ALWAYS_OFF) as recorded, caplog.at_level(logging.DEBUG):
        run = Run("plan", span_type="task", sums_up=True)
        use(run)
        run.end()
    assert (recorded.spans, caplog.records) == ([], [])
