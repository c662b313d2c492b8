"""Which local roots have a kept span below them: the small memory behind `keep_roots`."""

import os
import threading
from collections import OrderedDict

from opentelemetry.sdk.trace import ReadableSpan, Span

_MOST_SPANS = 10_000
_Key = tuple[int, int]


class _Root:
    """A local root that is open, or was when the span that leads here started."""

    __slots__ = ("has_kept", "key")

    def __init__(self, key: _Key) -> None:
        self.key = key
        self.has_kept = False


class LocalRoots:
    """Leads from open spans to their local roots; holds at most `most` open spans, whatever happens to them.

    A root about which nothing is known any more, because it never ended in time or started before this was
    here, counts as one with a kept span below: what is in doubt is not lost.
    """

    def __init__(self, most: int = _MOST_SPANS) -> None:
        self._most = most
        self._root_of: OrderedDict[_Key, _Root] = OrderedDict()
        self._open_of_trace: dict[int, _Root] = {}
        # Reentrant: garbage collected while it is held may end a span.
        self._lock = threading.RLock()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._renew_lock)

    def __len__(self) -> int:
        return len(self._root_of) + len(self._open_of_trace)

    def started(self, span: Span) -> None:
        """Find the root of a span that starts."""
        key = _key(span)
        if key is None:
            return
        with self._lock:
            if is_local_root(span):
                root: _Root | None = _Root(key)
                self._open_of_trace[key[0]] = root
            else:
                # The span above may be over while its root is open: work that was left running.
                above = span.parent.span_id if span.parent else 0
                root = self._root_of.get((key[0], above)) or self._open_of_trace.get(key[0])
            if root is not None:
                self._root_of[key] = root
                if len(self._root_of) > self._most:
                    self._forget(*self._root_of.popitem(last=False))

    def ended(self, span: ReadableSpan, *, kept: bool) -> bool:
        """Whether `span` is a local root with a kept span below; a kept span is noted with its root."""
        key = _key(span)
        if key is None:
            return False
        with self._lock:
            root = self._root_of.pop(key, None)
            if is_local_root(span):
                if root is None:
                    return True
                self._forget(key, root)
                return root.has_kept
            if kept:
                root = root or self._open_of_trace.get(key[0])
                if root is not None:
                    root.has_kept = True
            return False

    def _forget(self, key: _Key, root: _Root) -> None:
        if key == root.key and self._open_of_trace.get(key[0]) is root:
            del self._open_of_trace[key[0]]

    def _renew_lock(self) -> None:
        # A thread that the forked child does not have may have held it.
        self._lock = threading.RLock()


def is_local_root(span: ReadableSpan) -> bool:
    """True for the first span of a trace in this process: without a parent, or with one elsewhere."""
    return span.parent is None or span.parent.is_remote


def _key(span: ReadableSpan) -> _Key | None:
    """The identity of a span that may be shipped; None for one that is not sampled."""
    context = span.get_span_context()
    if context is None or not context.trace_flags.sampled:
        return None
    return context.trace_id, context.span_id
