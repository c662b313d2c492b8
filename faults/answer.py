"""How the sink answers: one value, sent to it as JSON."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How the sink answers from now on; the default takes everything at once.

    Every field stands for itself and they combine: `is_up=False` closes the port; `hangs` reads a request and
    never answers; `delay_s` is waited before each answer; `status` other than 200 stores nothing, with
    `retry_after` as header; `limit_bytes` answers 413 to larger bodies (unpacked); `poison` answers 400 to a
    body with a span of that name; `rejects` leaves out spans of that name and says so in a partial success;
    `loses_acknowledgement` stores and then closes the connection without an answer. `requests` is for how
    many requests this holds before the sink takes everything again; None is for ever.
    """

    is_up: bool = True
    hangs: bool = False
    delay_s: float = 0.0
    status: int = 200
    retry_after: str | None = None
    limit_bytes: int | None = None
    poison: str | None = None
    rejects: str | None = None
    loses_acknowledgement: bool = False
    requests: int | None = None

    def to_line(self) -> str:
        """This as one line of JSON."""
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def from_line(cls, line: str) -> "Answer":
        """What `to_line` wrote."""
        return cls(**json.loads(line))


UP = Answer()
"""Takes everything at once."""

DOWN = Answer(is_up=False)
"""Refuses connections."""
