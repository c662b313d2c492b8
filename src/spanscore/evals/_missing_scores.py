"""Scores in place of those that errors have left out."""

from collections.abc import Sequence
from typing import Any

from opentelemetry import trace

from spanscore.evals._options import ErrorScoreHandler
from spanscore.scoring import normalise
from spanscore.tracing import Span


def default_error_score_handler(span: Span, case: Any, names: Sequence[str]) -> dict[str, float]:
    """A score of 0 for each scorer that gave none, for `Eval(error_score_handler=…)`."""
    return dict.fromkeys(names, 0.0)


def missing_scores(
    handler: ErrorScoreHandler, span: Any, case: Any, names: Sequence[str]
) -> tuple[dict[str, float | None], Exception | None]:
    """What the user's handler gives for the scorers `names` of the case, and what it raises.

    It is called with the `eval` span as the current one. Scores outside 0..1 are its error.
    """
    try:
        with trace.use_span(span, record_exception=False, set_status_on_exception=False):
            given = handler(Span(span), case, list(names)) or {}
        return {name: normalise(name, value)[0].score for name, value in given.items()}, None
    except Exception as error:  # noqa: BLE001 - a function of the user's
        return {}, error
