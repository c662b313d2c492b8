"""What the Agents SDK's tracing tells becomes spans."""

# The package may be absent where types are checked.
# pyright: reportMissingImports=false, reportUntypedBaseClass=false
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from typing import Any, Final

from agents.tracing import TracingProcessor

from spanscore import tracing
from spanscore.integrations._endpoint import Description
from spanscore.integrations._model_run import ModelRun
from spanscore.integrations._open_runs import OpenRuns
from spanscore.integrations._plain import fields_of, text
from spanscore.integrations._run import Run
from spanscore.integrations.openai_agents._kinds import MODEL_CALLS, step_of

_beginning = tracing.quietly("recording the beginning of an agent's step")
_ending = tracing.quietly("recording the end of an agent's step")
_flushing = tracing.quietly("flushing what agents have done")

_FLUSH_S: Final = 30.0
OPEN: Final = OpenRuns[Run | ModelRun]()
"""Of all processors: whoever is told of a span first has it."""


class SpanscoreTracingProcessor(TracingProcessor):
    """Records what agents of the OpenAI Agents SDK do: agents, model calls, tools, handoffs, guardrails.

    Give it to `agents.add_trace_processor`, or call `instrument("openai_agents")`. It never raises, and it
    sees what the SDK traces: nothing where tracing is disabled there.

    >>> from agents import add_trace_processor
    >>> from spanscore import SpanscoreTracingProcessor
    >>> add_trace_processor(SpanscoreTracingProcessor())
    """

    def __init__(self) -> None:
        self._is_on = True

    def stop(self) -> None:
        """Record nothing more that begins from now on."""
        self._is_on = False

    def on_trace_start(self, trace: Any) -> None:
        """A workflow begins: a `task` span, below the current one."""
        with _beginning:
            if self._is_new(trace.trace_id):
                run = Run(trace.name, span_type="task", sums_up=True)
                OPEN.put(trace.trace_id, run)
                run.describe(Description(metadata=_trace_metadata(trace)))
                run.enter()

    def on_trace_end(self, trace: Any) -> None:
        """The workflow has ended."""
        with _ending:
            run = OPEN.pop(trace.trace_id)
            if isinstance(run, Run):
                run.end()
                run.leave()

    def on_span_start(self, span: Any) -> None:
        """A step begins."""
        with _beginning:
            if self._is_new(span.span_id):
                self._begin(span, OPEN.get(span.parent_id or span.trace_id))

    def on_span_end(self, span: Any) -> None:
        """The step has ended; only now all is known of it."""
        with _ending:
            run = OPEN.pop(span.span_id)
            if isinstance(run, ModelRun):
                call = MODEL_CALLS[span.span_data.type]
                run.asked = call.asked(span.span_data)
                run.end(call.answered(span.span_data), _error(span))
            elif run is not None:
                _end(run, span)

    def shutdown(self, timeout: float | None = None) -> None:
        """End what has not ended, as it stands."""
        OPEN.end_all()

    def force_flush(self) -> None:
        """Wait until what was recorded has arrived, for half a minute at most."""
        with _flushing:
            sink = tracing.RECORDING.sink
            if sink is not None:
                sink.flush(_FLUSH_S)

    def _is_new(self, key: str) -> bool:
        return self._is_on and tracing.is_recording() and key not in OPEN

    def _begin(self, span: Any, above: Run | ModelRun | None) -> None:
        data = span.span_data
        over = above if above is None or isinstance(above, Run) else above.above
        call = MODEL_CALLS.get(data.type)
        if call is not None:
            model_run = ModelRun(call.name, above=over)
            OPEN.put(span.span_id, model_run)
            model_run.announce()
            return
        step = step_of(data)
        run = Run(step.name(data), span_type=step.span_type, above=over, sums_up=step.sums_up)
        OPEN.put(span.span_id, run)
        if step.is_current:
            run.enter()


def _end(run: Run, span: Any) -> None:
    try:
        run.describe(step_of(span.span_data).told(span.span_data))
        error = _error(span)
        if error is not None:
            run.fail(error)
    finally:
        run.end()
        run.leave()


def _trace_metadata(trace: Any) -> dict[str, Any]:
    """What the program has said of the workflow."""
    group = text(getattr(trace, "group_id", None))
    return {**fields_of(getattr(trace, "metadata", None)), **({"group_id": group} if group else {})}


def _error(span: Any) -> str | None:
    """The error that the SDK has noted: a message, and mostly what was raised."""
    error = fields_of(span.error)
    message = text(error.get("message"))
    raised = text(fields_of(error.get("data")).get("error"))
    told = [part for part in (message, raised) if part]
    return ": ".join(told) or None
