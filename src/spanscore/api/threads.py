"""Threads whose work belongs to the span that gave it to them."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


class TracedThreadPoolExecutor(ThreadPoolExecutor):
    """A ThreadPoolExecutor whose work runs in the context of who submitted it.

    While recording is on every ThreadPoolExecutor carries the current span; this one carries the whole
    context, whatever is switched on.

    >>> from spanscore import TracedThreadPoolExecutor
    >>> with TracedThreadPoolExecutor(max_workers=2) as pool:
    ...     pool.submit(pow, 2, 5).result()
    32
    """

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """What `ThreadPoolExecutor.submit` gives."""
        return super().submit(copy_context().run, fn, *args, **kwargs)
