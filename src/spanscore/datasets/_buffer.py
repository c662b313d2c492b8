"""Changes that wait a moment, so that many of them make one request."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Final

from spanscore._counted import counted
from spanscore.errors import RejectedError, SpanscoreError, TooLargeError
from spanscore.wire.datasets import DatasetChange

_logger = logging.getLogger("spanscore")
_WAIT_S: Final = 1.0
_MOST_BYTES: Final = 4 << 20
_SHOWN: Final = 5


class WriteBuffer:
    """Writes changes in their order, `most()` at once, a second after the first of them at the latest.

    With `most()` 1 each is written before `add` returns. What cannot be written now stays, and whoever adds
    or flushes next is told; what is refused for itself goes, and the error names it.
    """

    def __init__(
        self,
        write: Callable[[Sequence[DatasetChange]], object],
        most: Callable[[], int],
        *,
        wait_s: float = _WAIT_S,
    ) -> None:
        self._write = write
        self._most = most
        self._wait_s = wait_s
        self._pending: list[DatasetChange] = []
        self._size = 0
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()
        # Of its own, so that who adds need not wait for a request of another thread.
        self._writing = threading.Lock()

    def add(self, change: DatasetChange) -> None:
        """Take a change; raises what writing raises if it is time to write."""
        most = self._most()
        with self._lock:
            self._pending.append(change)
            self._size += _size(change)
            is_full = len(self._pending) >= most or self._size >= _MOST_BYTES
            if not is_full and self._timer is None:
                self._timer = threading.Timer(self._wait_s, self._in_time)
                self._timer.daemon = True
                self._timer.start()
        if is_full:
            self.flush()

    def flush(self) -> None:
        """Write what waits; it is safe when this returns. Raises what writing raises."""
        try:
            self._write_out()
        except SpanscoreError as error:
            if left := len(self._pending):
                text = "wait, and the next change or flush() tries again: do not repeat them"
                error.args = (f"{error}; changes of the dataset, {left:,} by now, {text}",)
            raise

    def end(self) -> None:
        """Write what waits at the end of the program or of the dataset; an error is logged."""
        try:
            self._write_out()
        except SpanscoreError as error:
            left = counted(len(self._pending), "change of a dataset was", "changes of a dataset were")
            _logger.error("%s not written: %s", left, error)  # noqa: TRY400

    def _in_time(self) -> None:
        try:
            self._write_out()
        except SpanscoreError as error:
            _logger.warning("changes of a dataset could not be written yet: %s", error)

    def _write_out(self) -> None:
        with self._writing:
            changes = self._taken()
            if not changes:
                return
            most = self._most()
            refused: list[tuple[str, SpanscoreError]] = []
            written = 0
            try:
                while written < len(changes):
                    self._write_portion(changes[written : written + most], refused)
                    written += most
            except BaseException as error:
                self._put_back(changes[written:])
                if refused and isinstance(error, SpanscoreError):
                    error.args = (f"{_refusal(refused)}; then {error}",)
                raise
        if refused:
            raise _refusal(refused)

    def _taken(self) -> list[DatasetChange]:
        with self._lock:
            changes, self._pending, self._size = self._pending, [], 0
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        return changes

    def _put_back(self, changes: Sequence[DatasetChange]) -> None:
        with self._lock:
            self._pending[:0] = changes
            self._size += sum(_size(change) for change in changes)

    def _write_portion(
        self, changes: Sequence[DatasetChange], refused: list[tuple[str, SpanscoreError]]
    ) -> None:
        """Write changes; of what is refused, halves of it, down to the one change."""
        try:
            self._write(changes)
        except (RejectedError, TooLargeError) as error:
            if len(changes) == 1:
                refused.append((changes[0].id, error))
                return
            half = len(changes) // 2
            self._write_portion(changes[:half], refused)
            self._write_portion(changes[half:], refused)


def _size(change: DatasetChange) -> int:
    return sum(len(text) for text in change.fields.values())


def _refusal(refused: Sequence[tuple[str, SpanscoreError]]) -> RejectedError:
    names = ", ".join(repr(name) for name, _error in refused[:_SHOWN])
    more = f" and {len(refused) - _SHOWN} more" if len(refused) > _SHOWN else ""
    return RejectedError(f"records {names}{more} were refused, and are not written: {refused[0][1]}")
