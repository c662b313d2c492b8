"""What a task may ask for beside its input."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from spanscore.tracing import Span


class EvalHooks:
    """The case as its task sees it; a task that names a second parameter is given one.

    `metadata` is this trial's own copy and may be changed: it is recorded and given to the scorers. So are
    `tags`. `span` is the task's span, `expected` what the case expects, `trial_index` counts the trials of
    the case from 0.

    >>> def task(input, hooks):
    ...     hooks.metadata["words"] = len(input.split())
    ...     return input.upper()
    """

    __slots__ = ("_tags", "expected", "metadata", "span", "trial_index")

    def __init__(
        self,
        *,
        metadata: Mapping[str, Any] | None,
        expected: Any,
        span: Span,
        trial_index: int,
        tags: Iterable[str],
    ) -> None:
        self.metadata: dict[str, Any] = {key: _own(value) for key, value in (metadata or {}).items()}
        self.expected: Any = expected
        self.span: Span = span
        self.trial_index: int = trial_index
        self._tags = list(tags)

    @property
    def tags(self) -> list[str]:
        """The tags of the case; append to them, or assign others."""
        return self._tags

    @tags.setter
    def tags(self, tags: Iterable[str]) -> None:
        self._tags = list(tags)

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
