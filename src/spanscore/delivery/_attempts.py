"""Attempts to hand records to a destination, until each is taken or is known never to be."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, Protocol

from spanscore.delivery._backoff import Backoff
from spanscore.errors import RetryLaterError, StoreError, UnauthorizedError
from spanscore.wire.records import Record
from spanscore.wire.seams import Destination, Receipt

_logger = logging.getLogger("spanscore")
_SAY_EVERY_S: Final = 60.0
_PAUSE_FIRST_S: Final = 5.0
_PAUSE_MOST_S: Final = 300.0


class StoppedError(Exception):
    """The sender is to stop; what was not delivered stays in the spool."""


@dataclass(slots=True)
class Tally:
    """What became of records: delivered, lost by reason, left out on purpose by reason."""

    delivered: int = 0
    lost: Counter[str] = field(default_factory=Counter[str])
    left_out: Counter[str] = field(default_factory=Counter[str])

    @property
    def settled(self) -> int:
        """Records that are no longer waited for."""
        return self.delivered + self.lost.total() + self.left_out.total()

    def add(self, other: "Tally") -> None:
        """Count what the other has counted too."""
        self.delivered += other.delivered
        self.lost.update(other.lost)
        self.left_out.update(other.left_out)


class Wait(Protocol):
    """Waits for the next attempt; `is_asked` says that the destination has asked for the time.

    Raises StoppedError if there is to be none.
    """

    def __call__(self, seconds: float, *, is_asked: bool) -> None: ...


class Attempts:
    """Delivers to one destination: again and again, in halves, one by one.

    `wait` returns when the next attempt is due. `reject(record, reason)` takes what will never be taken.
    """

    def __init__(
        self,
        destination: Destination,
        *,
        wait: Wait,
        reject: Callable[[Record, str], None],
    ) -> None:
        self._destination = destination
        self._wait = wait
        self._reject = reject
        self._said_at: dict[str, float] = {}

    def deliver(self, records: Sequence[Record]) -> Tally:
        """What became of the records. Raises StoppedError if the sender is to stop before that is known."""
        backoff, pause = Backoff(), Backoff(first_s=_PAUSE_FIRST_S, most_s=_PAUSE_MOST_S)
        while True:
            try:
                return self._taken(records, self._destination.deliver(records))
            except UnauthorizedError as error:
                self._say(logging.ERROR, "refused", error)
                self._wait(pause.next_s(), is_asked=False)
            except RetryLaterError as error:
                self._say(logging.WARNING, "waiting", error)
                asked_s = error.after_s
                self._wait(backoff.next_s() if asked_s is None else asked_s, is_asked=asked_s is not None)
            except (StoreError, OSError, MemoryError) as error:
                self._say(logging.WARNING, "waiting", error)
                self._wait(backoff.next_s(), is_asked=False)
            except Exception as error:  # noqa: BLE001 - one bad record must not cost the others
                return self._split(records, error)

    def _taken(self, records: Sequence[Record], receipt: Receipt) -> Tally:
        tally = Tally(len(records) - receipt.rejected - receipt.unsupported)
        if receipt.rejected:
            tally.lost["rejected"] = receipt.rejected
            text = "%s rejected %d of %d spans, which are lost: %s"
            told = self._destination.identity, receipt.rejected, len(records), receipt.message
            self._say(logging.WARNING, "rejected", text, *told)
        if receipt.unsupported:
            tally.left_out["unsupported"] = receipt.unsupported
            text = "%s has no place for updates of rows (log() after the end, feedback); they are left out"
            self._say(logging.WARNING, "unsupported", text, self._destination.identity)
        self._said_at.pop("waiting", None)
        return tally

    def _split(self, records: Sequence[Record], error: Exception) -> Tally:
        if len(records) == 1:
            self._reject(records[0], f"{type(error).__name__}: {error}")
            return Tally(lost=Counter({"rejected": 1}))
        middle = len(records) // 2
        tally = self.deliver(records[:middle])
        tally.add(self.deliver(records[middle:]))
        return tally

    def _say(self, level: int, kind: str, message: object, *arguments: object) -> None:
        """Log, each kind of message at most once a minute."""
        now = monotonic()
        if now - self._said_at.get(kind, -_SAY_EVERY_S) >= _SAY_EVERY_S:
            self._said_at[kind] = now
            if isinstance(message, Exception):
                text = "%s does not take spans now; they are kept and sent later: %s"
                _logger.log(level, text, self._destination.identity, message)
            else:
                _logger.log(level, str(message), *arguments)
