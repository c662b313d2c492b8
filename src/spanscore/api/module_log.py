"""The helpers of the current experiment and of spans elsewhere: `log`, `summarize`, `update_span`."""

from typing import Any

from spanscore.api._event import checked_update
from spanscore.api.experiment import Experiment, current_experiment
from spanscore.api.logger import current_logger
from spanscore.errors import ConfigError, ParentError
from spanscore.tracing import NOOP_SPAN, Container, Span, current_span, send_feedback, send_late
from spanscore.wire.slug import Slug
from spanscore.wire.summaries import ExperimentSummary


def log(**event: Any) -> str:
    """`Experiment.log` of the current experiment. Raises ConfigError if there is none."""
    return _experiment().log(**event)


def log_feedback(id: str, **feedback: Any) -> None:  # noqa: A002 - Braintrust's word
    """`log_feedback` of the current experiment, else of the current logger.

    Raises ConfigError if there is neither.
    """
    container = current_experiment() or current_logger()
    if container is None:
        raise ConfigError("there is neither a current experiment nor a logger; call init or init_logger")
    send_feedback(container.parent, 0, id, checked_update(feedback))


def summarize(
    summarize_scores: bool = True,  # noqa: FBT001, FBT002 - Braintrust's order
    comparison_experiment_id: str | None = None,
) -> ExperimentSummary:
    """`Experiment.summarize` of the current experiment. Raises ConfigError if there is none."""
    return _experiment().summarize(summarize_scores, comparison_experiment_id)


def update_span(exported: str, **event: Any) -> None:
    """Merge `event`, whose names are those of `Span.log`, into the row of a span that may be elsewhere.

    `exported` is what `Span.export()` gave there. Raises ParentError for a text that names no span,
    ConfigError for an `id`, which the text has, and what `Experiment.log` says of metadata, metrics, tags and
    scores.

    >>> from spanscore import init_logger, start_span, update_span
    >>> logger = init_logger("support bot")
    >>> with start_span("answer") as span:
    ...     reference = span.export()
    >>> update_span(reference, metadata={"reviewed": True})
    """
    if event.get("id") is not None:
        raise ConfigError("update_span takes the id from what Span.export() gave; leave id out")
    found = Slug.parse(exported)
    if found.trace_id is None or found.span_id is None:
        raise ParentError(f"{exported!r} names a container and no span in it; give what Span.export() gave")
    send_late(str(found.parent), found.trace_id, found.span_id, checked_update(event), row_id=found.row_id)


def get_span_parent_object() -> Span | Container:
    """What `start_span` begins below: the current span, else the current experiment, else the logger.

    It is NOOP_SPAN where there is none of them.
    """
    span = current_span()
    if span.span.get_span_context().is_valid:
        return span
    return current_experiment() or current_logger() or NOOP_SPAN  # pyright: ignore[reportReturnType]


def _experiment() -> Experiment:
    experiment = current_experiment()
    if experiment is None:
        raise ConfigError("there is no current experiment; call init before")
    return experiment
