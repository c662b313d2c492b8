"""What a task may ask for beside its input."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from spanscore.evals._case import EvalCase
from spanscore.tracing import NOOP_SPAN, Span

Progress = Mapping[str, Any]
"""What a task reports of how far it is: `format`, `output_type`, `event` and `data`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedHooks:
    """What the hooks of all cases have in common.

    `on_progress` is told of a case and what its task reports, `cancel_event` is the one that the eval was
    given.
    """

    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    on_progress: Callable[[EvalCase, Progress], None] | None = None
    cancel_event: threading.Event | None = None


class EvalHooks:
    """The case as its task sees it; a task that names a second parameter is given one.

    `metadata` is this trial's own copy and may be changed: it is recorded, if the task fails too, and given
    to the scorers. So are `tags`. `span` is the task's span, `eval_span` the one of the case. `expected` is
    what the case expects, `trial_index` counts the trials of the case from 0, `parameters` are the eval's.
    `user_data` is the case's, or whatever the task puts there for the scorers; it is recorded nowhere.

    >>> def task(input, hooks):
    ...     hooks.metadata["words"] = len(input.split())
    ...     return input.upper()
    """

    __slots__ = (
        "_cancel_event",
        "_case",
        "_is_cancelled",
        "_shared",
        "_tags",
        "eval_span",
        "expected",
        "metadata",
        "parameters",
        "span",
        "trial_index",
        "user_data",
    )

    def __init__(
        self,
        case: EvalCase,
        *,
        span: Span,
        eval_span: Span = NOOP_SPAN,
        trial_index: int = 0,
        shared: SharedHooks | None = None,
    ) -> None:
        self.metadata: dict[str, Any] = {key: _own(value) for key, value in (case.metadata or {}).items()}
        self.expected: Any = case.expected
        self.span: Span = span
        self.eval_span: Span = eval_span
        self.trial_index: int = trial_index
        self._case = case
        self._shared = shared or SharedHooks()
        self.parameters: Mapping[str, Any] = self._shared.parameters
        self.user_data: Any = case.user_data
        self._tags = list(case.tags)
        self._cancel_event = self._shared.cancel_event
        self._is_cancelled = False

    @property
    def tags(self) -> list[str]:
        """The tags of the case; append to them, or assign others."""
        return self._tags

    @tags.setter
    def tags(self, tags: Iterable[str]) -> None:
        self._tags = list(tags)

    @property
    def cancel_event(self) -> threading.Event:
        """Set when nobody waits for this task any more: it took too long, or the eval is being stopped.

        It is the `cancel_event` of the eval where that was given one.
        """
        if self._cancel_event is None:
            self._cancel_event = threading.Event()
            if self._is_cancelled:
                self._cancel_event.set()
        return self._cancel_event

    def cancel(self) -> None:
        """Tell the task, if it asks, that nobody waits for it; other cases do not hear of it."""
        self._is_cancelled = True
        if self._cancel_event is not None and self._shared.cancel_event is None:
            self._cancel_event.set()

    def report_progress(self, progress: Progress) -> None:
        """Tell whoever follows the eval (its `stream`) how far the task is."""
        if self._shared.on_progress is not None:
            self._shared.on_progress(self._case, progress)

    def meta(self, **metadata: Any) -> None:
        """Add to `metadata`."""
        self.metadata.update(metadata)


def _own(value: Any) -> Any:
    """A copy of plain containers down to their leaves, which trials share."""
    if type(value) is dict:
        return {key: _own(item) for key, item in cast("dict[Any, Any]", value).items()}
    if type(value) is list:
        return [_own(element) for element in cast("list[Any]", value)]
    return value
