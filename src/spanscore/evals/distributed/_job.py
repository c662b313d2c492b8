"""What a worker has to know of an eval, once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from opentelemetry.trace import Link, SpanContext, TraceFlags

from spanscore._config import Settings
from spanscore.evals._eval_spans import EvalSpans
from spanscore.evals._options import EvalOptions
from spanscore.wire.rows import Row
from spanscore.wire.seams import ExperimentRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The eval as its workers see it: no data, no key, nothing that belongs to the process that keeps it.

    `links` are trace and span of what the eval was called under. `row_of` says what row a span becomes, for
    scorers that ask for the trace.
    """

    options: EvalOptions
    settings: Settings
    experiment: ExperimentRef
    marks: dict[str, Any]
    links: tuple[tuple[int, int], ...]
    row_of: Callable[[Any], Row]
    collects: bool

    def spans(self) -> EvalSpans:
        """The spans of its cases."""
        contexts = [
            SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(1))
            for trace_id, span_id in self.links
        ]
        return replace(EvalSpans.of(self.experiment.id, self.marks), links=tuple(map(Link, contexts)))


def job_of(
    options: EvalOptions,
    settings: Settings,
    experiment: ExperimentRef,
    spans: EvalSpans,
    row_of: Callable[[Any], Row],
    *,
    collects: bool,
) -> Job:
    """The job that these make together."""
    own = {"data": (), "cancel_event": None, "on_start": None, "stream": None, "summary_scores": ()}
    return Job(
        options=replace(options, **own),
        settings=replace(settings, api_key=None),
        experiment=experiment,
        marks=dict(spans.marks),
        links=tuple((link.context.trace_id, link.context.span_id) for link in spans.links),
        row_of=row_of,
        collects=collects,
    )
