"""What scorers may know of how an output came about."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from spanscore.errors import ScoreError
from spanscore.wire.rows import Row


class Trace(Protocol):
    """The finished spans of a case's task: what scorers get as `trace`."""

    @property
    def trace_id(self) -> str:
        """The trace, 32 hexadecimal digits; "" where nothing is recorded."""
        ...

    def spans(
        self,
        *,
        type: str | Sequence[str] | None = None,  # noqa: A002 - what it is called everywhere
        name: str | Sequence[str] | None = None,
    ) -> Sequence[Row]:
        """The spans in the order in which they began: all, or those of one of the types and names."""
        ...

    def thread(self) -> Sequence[Mapping[str, Any]]:
        """The conversation with models."""
        ...

    def metrics(self) -> Mapping[str, float]:
        """The tokens and the cost of the task's calls of models."""
        ...


def recorded(trace: Trace | None, scorer: str) -> Trace:
    """The trace. Raises ScoreError where nothing is traced."""
    if trace is None or not trace.trace_id:
        raise ScoreError(
            f"{scorer} looks at the trace, and this eval records none; run it without no_send_logs"
        )
    return trace
