"""Cases that are written again under ids of the program's: the spans of a later run replace those before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from opentelemetry.context import Context
from opentelemetry.trace import Link, Span

from spanscore.evals._case import EvalCase
from spanscore.evals._eval_spans import EvalSpans
from spanscore.tracing import GivenIds
from spanscore.tracing._open import open_span
from spanscore.wire import attributes as keys


def numbered(case: EvalCase, index: int) -> EvalCase:
    """The case as its trial of that index, with an id of its own if the case has one.

    The ids are those that Braintrust's SDK makes.
    """
    if not case.upsert_id or index == 0:
        return case
    name = f"braintrust:eval:{case.upsert_id}:trial:{index}"
    return replace(case, upsert_id=str(uuid5(NAMESPACE_URL, name)))


def upserted(common: EvalSpans, row_id: str | None) -> EvalSpans:
    """The spans of the trial whose row has that id: always of the same ids in one experiment.

    Without an id, and where nothing is recorded, they are as they were.
    """
    if not row_id or common.is_silent:
        return common
    root = f"{(common.parent or '').removeprefix('experiment_id:')}/{row_id}"
    template = partial(_Upserted, parent=common.parent, row_id=row_id, root=root)
    return replace(
        common,
        template=template,
        eval=template("eval", span_type="eval"),
        task=template("task", span_type="task"),
        judges={},
    )


class _Upserted:
    """Spans of one name in one trial."""

    def __init__(self, name: str, *, parent: str | None, row_id: str, root: str, **named: Any) -> None:
        kind = named["span_type"]
        if kind == "eval":
            ids = GivenIds.of(span_id=row_id, root_span_id=root, row_id=row_id)
        else:
            ids = GivenIds.of(span_id=f"{row_id}/{kind}/{name}", root_span_id=root)
        self._open: Callable[..., Span] = partial(
            open_span, name, scope=keys.EVAL_SCOPE, parent=parent, ids=ids, **named
        )

    def open(self, context: Context, attributes: Mapping[str, Any], links: Sequence[Link] = ()) -> Span:
        """A started span, not made current."""
        return self._open(context=context, attributes=attributes, links=links)
