"""What happened in one case, as its scorers see it."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from spanscore.evals._span_filters import SpanFilters, checked_filters, is_match
from spanscore.tracing import Collected
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.rows import Row

if TYPE_CHECKING:
    from spanscore.evals._thread import Message

TraceSpan = Row
"""A finished span of the trace in the words of a stored row: `name`, `type`, `input`, `output`, `metrics`."""

_SUMMED: Final = ("tokens", "prompt_tokens", "completion_tokens", "estimated_cost")


class CaseTrace:
    """The finished spans of one case: those of its task, at once and without a server.

    Scorers get it as `trace`. The span of the case itself is not among its spans; those of scorers are only
    where they are asked for. `get_spans`, `get_thread` and `get_configuration` are the official SDK's.
    """

    __slots__ = ("_experiment_id", "_rows", "_trace_id")

    def __init__(self, rows: Callable[[], Sequence[Row]], *, experiment_id: str, trace_id: str) -> None:
        self._rows = rows
        self._experiment_id = experiment_id
        self._trace_id = trace_id

    @classmethod
    def live(
        cls,
        collected: Collected,
        *,
        row_of: Callable[[Any], Row],
        experiment_id: str,
        trace_id: str,
    ) -> "CaseTrace":
        """The trace of a case that runs in this process; `row_of` is a backend's."""
        return cls(_LiveRows(collected, row_of), experiment_id=experiment_id, trace_id=trace_id)

    @classmethod
    def of_rows(cls, rows: Sequence[Row]) -> "CaseTrace":
        """The trace of a case that is stored; `rows` are all of its rows, at least one."""
        parent = Parent.parse(rows[0].parent)
        experiment_id = parent.value if parent.kind is ParentKind.EXPERIMENT_ID else ""
        return cls(lambda: rows, experiment_id=experiment_id, trace_id=rows[0].root_span_id)

    @property
    def trace_id(self) -> str:
        """The trace, 32 hexadecimal digits; "" where the eval records none."""
        return self._trace_id

    def __repr__(self) -> str:
        return f"CaseTrace({', '.join(span.name for span in self.spans()) or 'no spans'})"

    def spans(
        self,
        *,
        type: str | Sequence[str] | None = None,  # noqa: A002 - what it is called everywhere
        name: str | Sequence[str] | None = None,
        include_scorers: bool = False,
    ) -> list[TraceSpan]:
        """The spans in the order in which they began: all, or those of one of the types and names."""
        types, names = _choice(type), _choice(name)
        found = [
            row
            for row in self._rows()
            if (types is None or row.type in types)
            and (names is None or row.name in names)
            and not (row.type == "eval" and row.is_root)
            and (include_scorers or not _is_scorers(row))
        ]
        return sorted(found, key=lambda row: row.start_ns)

    def thread(self) -> "list[Message]":
        """The conversation with models: each message once, inputs and the assistant's outputs, in order.

        A message is `{"role": …, "content": …}`, where content is a text or a list of parts such as
        `{"type": "tool_call", "tool_name": …}`, whatever provider it was for.
        """
        # Few scorers read conversations, and every provider's shape has to be known for it.
        from spanscore.evals._thread import thread_of  # noqa: PLC0415

        return thread_of(self.spans())

    def metrics(self) -> dict[str, float]:
        """What the task's calls of models took together; see `case_metrics`."""
        return case_metrics(self._rows())

    async def get_spans(
        self,
        span_type: Sequence[str] | None = None,
        *,
        filters: SpanFilters | None = None,
        include_scorers: bool = False,
    ) -> list[TraceSpan]:
        """The spans that pass all of `filters`; `span_type` may be given here or there, and not in both.

        Raises ConfigError for a filter that there is not.
        """
        checked = checked_filters(filters, span_type)
        return [row for row in self.spans(include_scorers=include_scorers) if is_match(row, checked)]

    async def get_thread(self, options: Mapping[str, Any] | None = None) -> "list[Message]":
        """`thread()`, which needs none of the `options` that the official SDK passes on to its server."""
        return self.thread()

    def get_configuration(self) -> dict[str, str]:
        """Where the trace is: `object_type`, `object_id` and `root_span_id`."""
        return {
            "object_type": "experiment",
            "object_id": self._experiment_id,
            "root_span_id": self.trace_id,
        }


def case_metrics(rows: Iterable[Row]) -> dict[str, float]:
    """The sums of `tokens`, `prompt_tokens`, `completion_tokens` and `estimated_cost` over calls of models.

    Calls below scorers are left out, and those that were answered from a cache, and so is a sum that no call
    has told anything of.
    """
    sums: dict[str, float] = {}
    for row in rows:
        if row.type == "llm" and not _is_scorers(row) and not row.metadata.get("cached"):
            metrics = row.metrics
            for name in _SUMMED:
                value = metrics.get(name)
                if isinstance(value, int | float) and not isinstance(value, bool):
                    sums[name] = sums.get(name, 0) + value
    return sums


class _LiveRows:
    """The rows of collected spans, each made once, when somebody asks."""

    __slots__ = ("_collected", "_lock", "_row_of", "_rows")

    def __init__(self, collected: Collected, row_of: Callable[[Any], Row]) -> None:
        self._collected = collected
        self._row_of = row_of
        self._rows: list[Row] = []
        # Scorers of one case may run in several threads.
        self._lock = threading.Lock()

    def __call__(self) -> Sequence[Row]:
        with self._lock:
            spans = self._collected.spans()
            self._rows.extend(self._row_of(span) for span in spans[len(self._rows) :])
            return self._rows.copy()


def _is_scorers(row: Row) -> bool:
    return row.span_attributes.get("purpose") == "scorer"


def _choice(wanted: str | Sequence[str] | None) -> frozenset[str] | None:
    if wanted is None:
        return None
    return frozenset((wanted,) if isinstance(wanted, str) else wanted)
