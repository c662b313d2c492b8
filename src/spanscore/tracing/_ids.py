"""Span and trace ids from the operating system's randomness.

The SDK takes ids from the global `random`, so that a program calling `random.seed(0)` in every worker makes
the same ids again and a backend that upserts by id loses spans.
"""

import os
from struct import Struct

from opentelemetry.sdk.trace.id_generator import IdGenerator

_REFILL = 512
_NUMBERS = Struct(f"<{_REFILL}Q")


class OsRandomIdGenerator(IdGenerator):
    """Ids drawn from `os.urandom`, read a page at a time; a forked child drops its parent's page."""

    def __init__(self) -> None:
        self._pool: list[int] = []
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._pool.clear)

    def generate_span_id(self) -> int:
        """A number of 64 bits, never zero."""
        try:
            return self._pool.pop()
        except IndexError:
            self._refill()
        return self.generate_span_id()

    def generate_trace_id(self) -> int:
        """A number of 128 bits, never zero."""
        try:
            return self._pool.pop() << 64 | self._pool.pop()
        except IndexError:
            self._refill()
        return self.generate_trace_id()

    def is_trace_id_random(self) -> bool:
        """True: every bit of a trace id is random, as W3C trace context level 2 wants to know."""
        return True

    def _refill(self) -> None:
        self._pool.extend(filter(None, _NUMBERS.unpack(os.urandom(_NUMBERS.size))))
