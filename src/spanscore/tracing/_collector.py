"""The finished spans of a trace, kept in this process for as long as somebody asks for them."""

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from opentelemetry.sdk.trace import ReadableSpan

from spanscore.tracing._processor import SinkProcessor

MOST_SPANS: Final = 10_000
"""How many spans of a trace are kept; more are counted."""


class Collected:
    """The spans of one trace that have ended so far; safe to read while others end."""

    __slots__ = ("_known", "_spans", "left_out")

    def __init__(self) -> None:
        self.left_out: int = 0
        self._known: set[int] = set()
        self._spans: list[ReadableSpan] = []

    def spans(self) -> list[ReadableSpan]:
        """The spans in the order of their ends; `left_out` more were too many to keep."""
        return self._spans.copy()

    def take(self, span: ReadableSpan, span_id: int) -> None:
        """Keep a span, once: two processors that ship to different places tell of it twice."""
        if span_id in self._known:
            return
        if len(self._spans) >= MOST_SPANS:
            self.left_out += 1
            return
        self._known.add(span_id)
        self._spans.append(span)

    def clear(self) -> None:
        """Let go of the spans."""
        self._known = set()
        self._spans = []


class Collector:
    """Keeps the spans of chosen traces as they are shipped, from whatever provider they come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Replaced, never changed: a span may end in another thread at any time.
        self._asked: dict[int, tuple[Collected, ...]] = {}
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._renew_lock)

    def _renew_lock(self) -> None:
        # A thread that the forked child does not have may have held it.
        self._lock = threading.Lock()

    @contextmanager
    def collecting(self, trace_id: str) -> Generator[Collected, None, None]:
        """The spans of the trace (32 hexadecimal digits) that end during the `with` block, at once.

        They are let go at its end. Outside any such block a span that ends is looked at by nobody.

        >>> from spanscore import start_span
        >>> from spanscore.testing import recorded_spans
        >>> with recorded_spans(), start_span("above") as above:
        ...     with COLLECTOR.collecting(above.root_span_id) as collected:
        ...         with start_span("below"):
        ...             pass
        ...         print([span.name for span in collected.spans()])
        ['below']
        """
        key = int(trace_id, 16)
        collected = Collected()
        self._change(key, add=collected)
        try:
            yield collected
        finally:
            self._change(key, remove=collected)
            collected.clear()

    def take(self, span: ReadableSpan) -> None:
        """Keep a finished span if its trace is asked for."""
        context = span.get_span_context()
        if context is not None:
            for collected in self._asked.get(context.trace_id, ()):
                collected.take(span, context.span_id)

    def _change(self, key: int, *, add: Collected | None = None, remove: Collected | None = None) -> None:
        with self._lock:
            asked = self._asked.copy()
            left = tuple(each for each in asked.pop(key, ()) if each is not remove)
            if add is not None:
                left += (add,)
            if left:
                asked[key] = left
            self._asked = asked
            SinkProcessor.also_told = self.take if asked else None


COLLECTOR: Final = Collector()
