"""What a flush found."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

LEFT: Final = "left to others"
"""The reason of what another process is to send."""


@dataclass(frozen=True, slots=True)
class Flushed:
    """What was delivered so far, what still waits, and what was lost by reason, in records.

    With several destinations `delivered` is what each of them has, `waiting` what one of them has yet to
    take, `lost` the losses of all; `destinations` has the figures of each by its identity. `left_out` is
    what was not sent on purpose, such as `tail_sampled`. True when nothing waits and nothing was lost.
    """

    delivered: int
    waiting: int
    lost: dict[str, int] = field(default_factory=dict[str, int])
    left_out: dict[str, int] = field(default_factory=dict[str, int])
    destinations: dict[str, "Flushed"] = field(default_factory=dict[str, "Flushed"])

    def __bool__(self) -> bool:
        return self.waiting == 0 and not self.lost


def flushed_by(destinations: Mapping[str, Flushed]) -> Flushed:
    """The figures of several destinations in one."""
    lost: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    for each in destinations.values():
        lost.update(each.lost)
        left_out |= Counter(each.left_out)
    return Flushed(
        min((each.delivered for each in destinations.values()), default=0),
        max((each.waiting for each in destinations.values()), default=0),
        dict(lost),
        dict(left_out),
        dict(destinations),
    )


def flushed_together(figures: Sequence[Flushed]) -> Flushed:
    """The figures of several ways that different spans take."""
    destinations: dict[str, Flushed] = {}
    for each in figures:
        for identity, one in each.destinations.items():
            known = destinations.get(identity)
            destinations[identity] = one if known is None else flushed_together([known, one])
    return Flushed(
        sum(each.delivered for each in figures),
        sum(each.waiting for each in figures),
        dict(sum((Counter(each.lost) for each in figures), Counter[str]())),
        dict(sum((Counter(each.left_out) for each in figures), Counter[str]())),
        destinations,
    )


def told(left_out: Mapping[str, int]) -> dict[str, int]:
    """What of it a program is told: not what went to others."""
    return {reason: count for reason, count in left_out.items() if reason not in ("elsewhere", LEFT)}
