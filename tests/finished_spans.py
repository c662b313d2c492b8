"""Finished spans made by hand, for tests of what becomes of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, Status, StatusCode, TraceFlags

from spanscore._json import to_json
from spanscore.wire.records import FinishedSpan

START_NS = 1_700_000_000_000_000_000
SECOND_NS = 1_000_000_000
RESOURCE = Resource({"telemetry.sdk.version": "1.45.2"})
PROJECT = "project_name:support bot"


def finished(
    attributes: Mapping[str, Any] | None = None,
    *,
    name: str = "span",
    trace_id: int = 1,
    span_id: int = 1,
    above: int | None = None,
    start_s: float = 0,
    end_s: float = 1,
    events: Sequence[Event] = (),
    status: Status | None = None,
    parent: str | None = PROJECT,
    scope: str | None = "test.scope",
) -> ReadableSpan:
    """A span of trace and span id `trace_id` and `span_id`; seconds count from START_NS."""
    container = {} if parent is None else {"braintrust.parent": parent}
    flags = TraceFlags(TraceFlags.SAMPLED)
    return ReadableSpan(
        name=name,
        context=SpanContext(trace_id, span_id, is_remote=False, trace_flags=flags),
        parent=None if above is None else SpanContext(trace_id, above, is_remote=False, trace_flags=flags),
        resource=RESOURCE,
        attributes={**container, **(attributes or {})},
        events=events,
        status=status or Status(StatusCode.UNSET),
        start_time=START_NS + int(start_s * SECOND_NS),
        end_time=START_NS + int(end_s * SECOND_NS),
        instrumentation_scope=None if scope is None else InstrumentationScope(scope),
    )


def whole_span(**changes: Any) -> FinishedSpan:
    """A span of which everything can be said: `changes` are arguments of FinishedSpan."""
    given: dict[str, Any] = {
        "name": "span",
        "context": SpanContext(1, 2, is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED)),
        "parent": None,
        "resource": RESOURCE,
        "scope": InstrumentationScope("test.scope", "1.0"),
        "attributes": {},
        "start_time": START_NS,
        "end_time": START_NS + 5,
    }
    return FinishedSpan(**{**given, **changes})


def failed(text: str = "boom") -> Status:
    """The status of a span that went wrong."""
    return Status(StatusCode.ERROR, text)


class CaseSpans:
    """Numbers the spans of an experiment's cases, one trace each."""

    def __init__(self, experiment_id: str, first_trace: int = 1) -> None:
        self._parent = f"experiment_id:{experiment_id}"
        self._trace = first_trace - 1

    def case(
        self,
        question: Any,
        scores: Mapping[str, float | Exception | Mapping[str, Any] | None] | None = None,
        *,
        is_failed: bool = False,
        key: str | None = None,
        trial: int | None = 0,
        attempt: int = 1,
        own_scores: Mapping[str, Any] | None = None,
        tokens: int | None = None,
        seconds: float = 1,
        cluster: str | None = None,
        labels: Mapping[str, Any] | None = None,
        task_seconds: float | None = None,
        metrics: Mapping[str, Any] | None = None,
        task_metrics: Mapping[str, Any] | None = None,
    ) -> list[ReadableSpan]:
        """The spans of one case. `scores` by scorer: a value, None, an exception, or values by name.

        It takes `seconds`, and has a task if `task_seconds` says how long that takes. `metrics` were logged
        on the eval span, `task_metrics` on the task and on a span below it.
        """
        self._trace += 1
        root = self._trace * 100
        about = {"case_key": key, "trial_index": trial, "attempt": attempt, "cluster_key": cluster}
        metadata = {name: value for name, value in about.items() if value is not None}
        spans = [self._score(root, place, *each) for place, each in enumerate((scores or {}).items(), 10)]
        if tokens is not None:
            llm = {"type": "llm"}, {"tokens": tokens, "prompt_tokens": tokens - 1, "completion_tokens": 1}
            spans.append(self._span(root + 1, root, "call", *llm))
            judge = {"type": "llm", "purpose": "scorer"}, {"tokens": 1000}
            spans.append(self._span(root + 2, root, "judge", *judge))
        if task_seconds is not None:
            about, end = {"braintrust.span_attributes": to_json({"type": "task"})}, task_seconds
            if task_metrics is not None:
                about["braintrust.metrics"] = to_json(task_metrics)
            for span_id, above in ((root + 3, root), (root + 4, root + 3)):
                place: Any = {
                    "trace_id": self._trace,
                    "span_id": span_id,
                    "above": above,
                    "parent": self._parent,
                }
                spans.append(finished(about, name="task", end_s=end, **place))
        attributes = {
            "braintrust.span_attributes": to_json({"type": "eval"}),
            "braintrust.input_json": to_json(question),
            "braintrust.metadata": to_json(metadata),
        }
        if own_scores:
            attributes["braintrust.scores"] = to_json(own_scores)
        if metrics is not None:
            attributes["braintrust.metrics"] = to_json(metrics)
        if labels is not None:
            attributes["braintrust.classifications"] = to_json(labels)
        status = failed() if is_failed else None
        eval_span = finished(
            attributes,
            name="eval",
            trace_id=self._trace,
            span_id=root,
            parent=self._parent,
            status=status,
            end_s=seconds,
        )
        return [*spans, eval_span]

    def _score(self, root: int, place: int, scorer: str, result: Any) -> ReadableSpan:
        about = {"type": "score", "name": scorer, "purpose": "scorer"}
        attributes = {"braintrust.span_attributes": to_json(about)}
        if not isinstance(result, Exception):
            scores = result if isinstance(result, Mapping) else {scorer: result}
            attributes["braintrust.scores"] = to_json(scores)
        return finished(
            attributes,
            name=scorer,
            trace_id=self._trace,
            span_id=root + place,
            above=root,
            parent=self._parent,
            status=failed() if isinstance(result, Exception) else None,
        )

    def _span(
        self, span_id: int, above: int, name: str, about: Mapping[str, Any], metrics: Mapping[str, Any]
    ) -> ReadableSpan:
        attributes = {
            "braintrust.span_attributes": to_json(about),
            "braintrust.metrics": to_json(metrics),
        }
        return finished(
            attributes, name=name, trace_id=self._trace, span_id=span_id, above=above, parent=self._parent
        )
