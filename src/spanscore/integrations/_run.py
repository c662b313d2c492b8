"""One run that a framework tells of, such as an agent, a step of a graph or a tool: the owner of its span."""

import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final

from opentelemetry import context as otel_context
from opentelemetry.context import Context
from opentelemetry.trace import StatusCode
from opentelemetry.util.types import AttributeValue

from spanscore import tracing
from spanscore._json import to_json
from spanscore.integrations._endpoint import Description
from spanscore.wire import attributes

_RUN: Final = otel_context.create_key("spanscore-run")
_failing = tracing.quietly("recording what a run raised")
_ending = tracing.quietly("ending the span of a run")


class Run:
    """The span of a run, and the context below it.

    Frameworks say themselves what a run is below of (`above`); a span of the program's own that lies between
    the two counts nevertheless. One that `sums_up` tells what model calls below it took together and, where
    nothing else is said of its input and output, what the first one was asked and the last one answered.
    """

    __slots__ = (
        "_first_input",
        "_is_over",
        "_last_output",
        "_lock",
        "_metadata",
        "_outside",
        "_sums_up",
        "_told",
        "_totals",
        "above",
        "context",
        "span",
        "span_type",
    )

    def __init__(
        self,
        name: str,
        *,
        span_type: str,
        above: "Run | None" = None,
        sums_up: bool = False,
        start_ns: int | None = None,
    ) -> None:
        outside = context_below(above)
        self._is_over = False
        # Reentrant: garbage collected while it is held may be a stream that ends a run.
        self._lock = threading.RLock()
        self._metadata: dict[str, Any] = {}
        self._outside = outside
        self._sums_up = sums_up
        self._totals: dict[str, float] = {}
        self._first_input: Any = None
        self._last_output: Any = None
        self._told = set[str]()
        self.span_type = span_type
        self.above = above or run_of(outside)
        self.span = tracing.open_span(name, span_type=span_type, context=outside, start_ns=start_ns)
        self.context = self.below(outside)

    def below(self, context: Context) -> Context:
        """`context` with the run's span as the current one."""
        return Context({**tracing.context_with(self.span, base=context), _RUN: self})

    def __enter__(self) -> None:
        self.enter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave the run; one that raises fails and is over."""
        self.leave()
        if error is not None:
            with _failing:
                self.fail(error)
            self.end()

    def enter(self) -> None:
        """Make the run's context the current one, until `leave`."""
        self._outside = tracing.current_context()
        otel_context.attach(self.context)

    def leave(self) -> None:
        """Go back to where the run was entered from, or to the next run above that is not over.

        Called from elsewhere, as where a generator is closed by another task, it changes nothing.
        """
        if tracing.current_context() is not self.context:
            return
        outside = self._outside
        while (run := run_of(outside)) is not None and run._is_over and outside is run.context:
            outside = run._outside
        otel_context.attach(outside)

    def describe(self, description: Description) -> None:
        """Put on the span what goes into the run or comes out of it; metadata adds to what is there."""
        if not self.span.is_recording():
            return
        self._metadata.update(told_metadata(description))
        told = described(description, self._metadata, tracing.attribute_budget(self.span))
        self._told.update(told)
        self.span.set_attributes(told)

    def fail(self, error: BaseException | str) -> None:
        """Record what was raised, or what the framework says went wrong."""
        record_failure(self.span, error)

    def add(self, asked: Description, answer: Description) -> None:
        """Take note of a model call below, here and above; what a tool talks about stays with the tool."""
        run: Run | None = self
        is_conversation = True
        while run is not None:
            is_conversation = is_conversation and run.span_type == "task"
            if run._sums_up:
                run._add(asked, answer, is_conversation=is_conversation)
            run = run.above

    def end(self, end_ns: int | None = None) -> None:
        """End the span, the first time."""
        with self._lock:
            if self._is_over:
                return
            self._is_over = True
        with _ending:
            if self._sums_up:
                self.describe(self._sum())
            self.span.end(end_ns)

    def _add(self, asked: Description, answer: Description, *, is_conversation: bool) -> None:
        with self._lock:
            for name, count in answer.metrics.items():
                self._totals[name] = self._totals.get(name, 0) + count
            if is_conversation:
                self._first_input = asked.input if self._first_input is None else self._first_input
                self._last_output = self._last_output if answer.output is None else answer.output

    def _sum(self) -> Description:
        return Description(
            input=None if attributes.INPUT_JSON in self._told else self._first_input,
            output=None if attributes.OUTPUT_JSON in self._told else self._last_output,
            metrics=self._totals,
        )


def run_of(context: Context) -> Run | None:
    """The innermost run that `context` is in."""
    run = context.get(_RUN)
    return run if isinstance(run, Run) else None


def context_below(above: Run | None) -> Context:
    """Where a span below `above` belongs: the current context if it is one of that run's, else the run's."""
    current = tracing.current_context()
    return current if above is None or run_of(current) is above else above.context


def record_failure(span: Any, error: BaseException | str) -> None:
    """Record an exception, or the text of one, on a span."""
    if not span.is_recording():
        return
    if isinstance(error, BaseException):
        tracing.record_error(span, error)
    else:
        span.set_status(StatusCode.ERROR, error)


def told_metadata(description: Description) -> Mapping[str, Any]:
    """What goes into the metadata: what the conventions list, or all where that is wanted."""
    return {**description.more, **description.metadata} if tracing.captures_all() else description.metadata


def described(
    description: Description, metadata: Mapping[str, Any], budget: int
) -> dict[str, AttributeValue]:
    """The attributes of a description, JSON texts of at most `budget` bytes among them."""
    told: dict[str, AttributeValue] = dict(description.attributes)
    if description.input is not None:
        told[attributes.INPUT_JSON] = to_json(description.input, max_bytes=budget)
    if description.output is not None:
        told[attributes.OUTPUT_JSON] = to_json(description.output, max_bytes=budget)
    if metadata:
        told[attributes.METADATA] = to_json(metadata, max_bytes=budget)
    if description.metrics:
        told[attributes.METRICS] = to_json(description.metrics)
    return told
