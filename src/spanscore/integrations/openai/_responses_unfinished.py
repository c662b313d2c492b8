"""Responses that this process has seen begin and not end: those of background mode and of broken streams."""

import threading
from typing import Final

_LIMIT: Final = 10_000
"""Ids kept; beyond that the oldest is forgotten, and its tokens are not counted."""


class UnfinishedResponses:
    """Ids of responses whose tokens are still to be counted, once, by the first call that brings them.

    Whatever else fetches a finished response, in this process or another, counts nothing.
    """

    def __init__(self, limit: int = _LIMIT) -> None:
        self._limit = limit
        # Reentrant: garbage collected while it is held may be a stream that puts a response in here.
        self._lock = threading.RLock()
        self._ids: dict[str, None] = {}

    def add(self, response_id: str) -> None:
        """Remember a response that is not finished."""
        with self._lock:
            self._ids[response_id] = None
            if len(self._ids) > self._limit:
                del self._ids[next(iter(self._ids))]

    def take(self, response_id: str) -> bool:
        """Whether the response was remembered; it no longer is."""
        with self._lock:
            return self._ids.pop(response_id, self) is None
