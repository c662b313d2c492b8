"""Experiments put into a store by hand, for tests of their figures."""

from typing import Any

from finished_spans import CaseSpans
from spanscore.store import SqliteStore
from spanscore.wire.seams import ExperimentRef, ExperimentRequest


def begin(store: SqliteStore, *scorers: str, errors: str = "zero", project: str = "p") -> ExperimentRef:
    """An experiment without cases."""
    return store.register_experiment(ExperimentRequest(project=project, scorers=scorers, errors=errors))


def run(
    store: SqliteStore, *cases: dict[str, Any], scorers: tuple[str, ...] = (), errors: str = "zero"
) -> ExperimentRef:
    """An experiment of cases given as arguments of CaseSpans.case."""
    ref = begin(store, *scorers, errors=errors)
    spans = CaseSpans(ref.id)
    store.deliver([span for case in cases for span in spans.case(**case)])
    return ref


def case(question: Any, **more: Any) -> dict[str, Any]:
    """Arguments of CaseSpans.case."""
    scores = more.pop("scores", None)
    return {"question": question, "scores": scores, **more}
