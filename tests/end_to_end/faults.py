"""What goes wrong on the side of the provider: scripts for the mock, and the patience of the clients."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from end_to_end.calls import PATIENT, Patience

SCRIPT: Sequence[Mapping[str, Any]] = (
    {
        "type": "reply",
        "tool_calls": [{"name": "look_up", "arguments": {"place": "a place with a rather long name"}}],
        "match": {"tools": True},
        "times": None,
    },
    {"type": "reply", "text": "Breaks happen; to streams, too.", "match": {"tools": False}, "times": None},
)
"""What the mock says where nothing goes wrong."""

_SOON_S = 0.01


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Behaviours that the coming requests meet, and for how long a client puts up with them."""

    behaviours: Sequence[Mapping[str, Any]] = ()
    patience: Patience = PATIENT


def _status(status: int, *, times: int | None = None, **fields: Any) -> Fault:
    failing = {"type": "fail", "status": status, "times": times, "retry_after": _SOON_S}
    return Fault(behaviours=[{**failing, **fields}])


def _broken(kind: str, after: int, patience: Patience = PATIENT) -> Fault:
    behaviour = {"type": "stream_fault", "kind": kind, "after_chunks": after, "stall_seconds": 30}
    return Fault(behaviours=[behaviour], patience=patience)


FAULTS: Mapping[str, Fault] = {
    "none": Fault(),
    "429 once": _status(429, times=1),
    "429 every time": _status(429),
    "500 once": _status(500, times=1),
    "500 every time": _status(500),
    "529 every time": _status(529),
    "400": _status(400, code="context_length_exceeded", message="The prompt is too long: 9 > 8 …"),
    "401": _status(401),
}
"""Faults of any call."""

STREAM_FAULTS: Mapping[str, Fault] = {
    "slow first chunk": Fault(behaviours=[{"type": "slow_first_token", "seconds": 0.05}]),
    "disconnected at once": _broken("disconnect", 0),
    "disconnected": _broken("disconnect", 3),
    "cut short": _broken("truncate", 3),
    "malformed": _broken("malformed", 3),
}
"""Faults of a stream that has begun."""

SLOW_FAULTS: Mapping[str, Fault] = {
    "no answer in time": Fault(
        behaviours=[{"type": "delay", "seconds": 0.4, "times": None}],
        patience=Patience(timeout_s=0.1, retries=0),
    ),
}
"""Faults that clients sit through."""

SLOW_STREAM_FAULTS: Mapping[str, Fault] = {"stalled": _broken("stall", 3, Patience(timeout_s=1, retries=0))}
"""The same of a stream that has begun."""
