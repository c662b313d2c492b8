"""How much of a value is wanted."""

import time
from dataclasses import dataclass


class Budget(int):
    """A number of bytes of JSON; in media it may have `media` more, as base64."""

    media: int

    def __new__(cls, size: int, *, media: int = 0) -> "Budget":
        budget = super().__new__(cls, size)
        budget.media = media
        return budget


@dataclass(slots=True)
class Allowance:
    """A number of items, and the monotonic time in seconds after which no code of a value is called."""

    items: int
    deadline: float

    @property
    def is_late(self) -> bool:
        return time.monotonic() > self.deadline
