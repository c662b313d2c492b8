"""Tail sampling: whether a trace is kept is decided when its root has ended."""

import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from spanscore.errors import ConfigError
from spanscore.wire.attributes import EVAL_SCOPE

WAIT_S: Final = 60.0
_MOST_DECISIONS: Final = 10_000
_RATE_BITS: Final = 56
_EXPERIMENT: Final = "experiment_id:"

P = TypeVar("P")


def _is_number(value: object, most: float = math.inf) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most


_ACCEPTED: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "errors": (lambda value: isinstance(value, bool), "give True or False"),
    "slower_than_s": (
        lambda value: value is None or _is_number(value),
        "give a number of seconds, 0 or more, or None",
    ),
    "rate": (lambda value: _is_number(value, 1), "give a part of all traces, a number between 0 and 1"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TailSampling:
    """Which traces are kept: those with an error, those whose root took long, and a rate of the others.

    `errors` keeps traces in which a span has the status ERROR, `slower_than_s` those whose root took longer
    than so many seconds, `rate` (0..1) a part of all, chosen by trace id. What is neither is dropped and
    counted as `tail_sampled`. A trace whose root has not ended after 60 seconds is kept, as is what a process
    that was killed had left undecided. Evals are never sampled. Raises ConfigError.

    >>> TailSampling(errors=True, slower_than_s=2.0, rate=0.1).rate
    0.1
    """

    errors: bool = True
    slower_than_s: float | None = None
    rate: float = 0.0

    def __post_init__(self) -> None:
        for name, (is_accepted, remedy) in _ACCEPTED.items():
            value = getattr(self, name)
            if not is_accepted(value):
                raise ConfigError(f"{name} is {value!r}; {remedy}")

    def keeps(self, span: ReadableSpan) -> bool:
        """True if this span decides that its trace is kept."""
        context = span.get_span_context()
        if context is None or context.trace_id % (1 << _RATE_BITS) < self.rate * (1 << _RATE_BITS):
            return True
        if self.errors and span.status.status_code is StatusCode.ERROR:
            return True
        took_ns = (span.end_time or 0) - (span.start_time or 0)
        return self.slower_than_s is not None and is_local_root(span) and took_ns > self.slower_than_s * 1e9


def is_local_root(span: ReadableSpan) -> bool:
    """True for the first span of a trace in its process."""
    return span.parent is None or span.parent.is_remote


@dataclass(slots=True)
class _Held(Generic[P]):
    since: float
    places: list[P] = field(default_factory=list[P])


class TailBuffer(Generic[P]):
    """The places of spans whose traces are undecided, and the decisions on those that are not.

    A place is whatever the caller finds the span by again.
    """

    def __init__(self, rule: TailSampling) -> None:
        self._rule = rule
        self._held: OrderedDict[int, _Held[P]] = OrderedDict()
        self._decisions: OrderedDict[int, bool] = OrderedDict()

    def decide(self, span: ReadableSpan, place: P, now: float) -> tuple[bool, list[P]] | None:
        """Whether the span's trace is kept, with the places of its spans so far; None while undecided."""
        context = span.get_span_context()
        trace_id = 0 if context is None else context.trace_id
        keep = self._decisions.get(trace_id)
        if keep is None and self._rule.keeps(span):
            keep = True
        if keep is None and not is_local_root(span):
            self._held.setdefault(trace_id, _Held(now)).places.append(place)
            return None
        keep = bool(keep)
        return keep, [*self._released(trace_id, keep=keep), place]

    def overdue(self, now: float) -> list[P]:
        """Places of traces that have waited for their root too long; they are kept."""
        places: list[P] = []
        while self._held:
            trace_id, held = next(iter(self._held.items()))
            if now - held.since < WAIT_S:
                break
            places += self._released(trace_id, keep=True)
        return places

    def everything(self) -> list[P]:
        """All places: nothing more can be waited for, and they are kept."""
        return [place for trace_id in list(self._held) for place in self._released(trace_id, keep=True)]

    def _released(self, trace_id: int, *, keep: bool) -> list[P]:
        self._decisions[trace_id] = keep
        if len(self._decisions) > _MOST_DECISIONS:
            self._decisions.popitem(last=False)
        held = self._held.pop(trace_id, None)
        return [] if held is None else held.places


def is_of_eval(parent: object, span: ReadableSpan) -> bool:
    """True for a span of an experiment or an eval, of which none is left out."""
    scope = span.instrumentation_scope
    in_experiment = isinstance(parent, str) and parent.startswith(_EXPERIMENT)
    return in_experiment or (scope is not None and scope.name == EVAL_SCOPE)
