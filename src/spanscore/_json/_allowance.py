"""How much of a value is wanted."""

import time
from dataclasses import dataclass


@dataclass(slots=True)
class Allowance:
    """A number of items, and the monotonic time in seconds after which no code of a value is called."""

    items: int
    deadline: float

    @property
    def is_late(self) -> bool:
        return time.monotonic() > self.deadline
