"""The sender: one thread that takes one destination what is in the spool for it."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final

from opentelemetry import context as otel_context

from spanscore._counted import counted
from spanscore.delivery._attempts import Attempts, StoppedError, Tally
from spanscore.delivery._feed import Feed
from spanscore.delivery._intake import Intake
from spanscore.delivery._memory import MemoryLog
from spanscore.delivery._notes import Notes
from spanscore.delivery._progress import Progress
from spanscore.delivery._spool import PROCESS_BOUND
from spanscore.tracing import guard
from spanscore.tracing._unwatched import unwatched
from spanscore.wire.records import Record
from spanscore.wire.seams import Destination

_logger = logging.getLogger("spanscore")
_QUIET_S: Final = 0.02
_GATHER_S: Final = 0.1
_IDLE_S: Final = 10.0
_ONE_WAIT_S: Final = 1.0
_SAY_EVERY_S: Final = 60.0


class Sender:
    """Delivers this process's records in their order, and between them what dead processes have left.

    `tallies` count what became of this process's records and of others'. `on_progress` is called whenever one
    of them has changed, and when the sender falls idle or ends.
    """

    def __init__(
        self,
        destination: Destination,
        feed: Feed,
        intake: Intake,
        *,
        tallies: tuple[Tally, Tally],
        notes: Notes | None,
        on_progress: Callable[[], None],
    ) -> None:
        self.destination = destination
        self.identity = feed.identity
        self.feed = feed
        self.tally, self.adopted = tallies
        self.is_idle = False
        self.has_ended = False
        self._intake = intake
        self._notes = notes
        self._on_progress = on_progress
        self._wake = threading.Event()
        self._hurry = threading.Event()
        self._deadline: float | None = None
        self._has_tried_last = False
        self._rejected: list[tuple[Record, str]] = []
        self._may_say_at = 0.0
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._attempts = Attempts(destination, wait=self._wait, reject=self._reject)

    def start(self) -> bool:
        """Start the thread; False if the interpreter starts none any more."""
        if self._thread is None and self._starting.acquire(blocking=False):
            thread = threading.Thread(target=self.run, name="spanscore-sender", daemon=True)
            try:
                thread.start()
                self._thread = thread
            except RuntimeError:
                # The interpreter is shutting down, or there are too many: the next record tries again.
                self.is_idle = True
            finally:
                self._starting.release()
        return self._thread is not None

    @property
    def is_running(self) -> bool:
        """True while the thread lives."""
        return self._thread is not None and self._thread.is_alive()

    def wake(self) -> None:
        """There is something to send."""
        self.is_idle = False
        self._wake.set()
        if self._thread is None:
            self.start()

    def hurry(self) -> None:
        """Somebody waits: gather no longer, and try again now unless the destination has asked for time."""
        self._hurry.set()
        self.wake()

    def stop(self, deadline: float) -> None:
        """Send what there is until `deadline` (monotonic seconds), then end."""
        self._deadline = deadline
        self.hurry()
        if not self.is_running and not self.has_ended:
            # There is no thread, and none can be had: nothing is sent any more.
            self._end()

    def run(self) -> None:
        """Send until told to stop."""
        otel_context.attach(unwatched())
        try:
            while not self._is_over():
                self._work()
        except StoppedError:
            _logger.debug("%s: what is left waits in the spool", self.identity)
        finally:
            self._end()

    def _work(self) -> None:
        try:
            if not self._step() and self._deadline is None:
                self._sleep()
        except StoppedError:
            raise
        except Exception as error:
            guard.report("sending spans", error)
            if guard.reraise:
                raise
            self._hurry.clear()
            self._hurry.wait(_ONE_WAIT_S)

    def _is_over(self) -> bool:
        if self._deadline is None:
            return False
        if self.feed.has_news and monotonic() < self._deadline:
            return False
        tally = Tally()
        self._send_released(self._intake.undecided(tally), tally)
        return True

    def _step(self) -> bool:
        """Send one portion; False if there is none."""
        try:
            return self._send_next(monotonic())
        except Exception:
            self.feed.hold_again()
            raise

    def _send_next(self, now: float) -> bool:
        self._send_overdue(now)
        progress = self.feed.next()
        if progress is None:
            self._look_for_orphans(now)
            progress = self.feed.next()
        if progress is not None:
            self._send_or_set_aside(progress, now)
        return progress is not None

    def _send_or_set_aside(self, progress: Progress, now: float) -> None:
        """Send a portion; what dead processes have left and cannot be read must not hold up the others."""
        try:
            self._send(progress, now)
        except StoppedError:
            raise
        except Exception as error:
            if not self.feed.set_aside(progress):
                raise
            guard.report("reading what another process has left", error)

    def _look_for_orphans(self, now: float) -> None:
        try:
            self.feed.look_for_orphans(now)
        except OSError as error:
            _logger.warning("%s: what other processes have left cannot be read: %s", self.identity, error)
        self._intake.tidy()
        if self._notes is not None:
            self._notes.write()

    def _send_overdue(self, now: float) -> None:
        tally = Tally()
        self._send_released(self._intake.overdue(tally, now=now), tally)

    def _send_released(self, records: Sequence[Record], tally: Tally) -> None:
        if records:
            tally.add(self._deliver(records))
        if records or tally.settled:
            self._note(tally)
            self.feed.settle_released()
            self._count(tally, is_own=True)

    def _send(self, progress: Progress, now: float) -> None:
        chunk, frames, elsewhere = progress.read()
        tally = Tally()
        tally.lost.update(chunk.lost)
        tally.left_out["elsewhere"] += elsewhere
        records = self._intake.records(progress, frames, tally, now=now)
        if records:
            tally.add(self._deliver(records))
        self._note(tally)
        progress.settle(chunk.end)
        # A root decides about spans in other segments too.
        self.feed.settle_released()
        self._count(tally, is_own=progress.is_own)

    def _note(self, tally: Tally) -> None:
        """Put into the ledger what is lost; before it is settled, so that no kill loses the count too."""
        self._write_letters()
        if self._notes is None:
            return
        counted = tally.lost + tally.left_out
        for reason in ("elsewhere", "spool_full", "too_old"):
            del counted[reason]
        for reason, count in counted.items():
            self._notes.ledger.add(self.identity, reason, count)
        if any(counted[reason] for reason in tally.lost):
            self._notes.ledger.write()

    def _count(self, tally: Tally, *, is_own: bool) -> None:
        (self.tally if is_own else self.adopted).add(tally)
        self._on_progress()

    def _deliver(self, records: Sequence[Record]) -> Tally:
        self._rejected.clear()
        return self._attempts.deliver(records)

    def _reject(self, record: Record, reason: str) -> None:
        self._rejected.append((record, reason))

    def _write_letters(self) -> None:
        """Make dead letters of what was rejected, as soon as nothing of its portion is tried again."""
        rejected, self._rejected = self._rejected, []
        if not rejected:
            return
        now = monotonic()
        if now >= self._may_say_at:
            self._may_say_at = now + _SAY_EVERY_S
            text = "%s will never take %s now (see `spanscore doctor`): %s"
            one, several = "span, which is a dead letter", "spans, which are dead letters"
            _logger.warning(text, self.identity, counted(len(rejected), one, several), rejected[0][1])
        if self._notes is not None:
            try:
                for record, reason in rejected:
                    self._notes.dead_letters.add(self.identity, reason, record)
            except OSError as error:
                _logger.warning("a dead letter cannot be written: %s", error)

    def _sleep(self) -> None:
        self.is_idle = True
        self._on_progress()
        if not self.feed.has_news:
            self._wake.wait(_IDLE_S)
        self.is_idle = False
        self._wake.clear()
        if self._deadline is None:
            self._gather()
        self._hurry.clear()

    def _gather(self) -> None:
        """Wait until nothing more comes, or somebody waits for what is there, but not for long.

        Spans come in bursts: those of one share a request, or a transaction, and the program's own threads
        are not disturbed meanwhile.
        """
        until = monotonic() + _GATHER_S
        written = None
        while written != self.feed.written and monotonic() < until:
            written = self.feed.written
            if self._hurry.wait(_QUIET_S):
                return

    def _wait(self, seconds: float, *, is_asked: bool) -> None:
        """Wait for the next attempt; somebody's hurry ends it, unless the destination asked for the time."""
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0:
            if self._deadline is not None:
                self._stop_unless_first(is_asked=is_asked)
                return
            hurried = self._hurry.wait(min(left, _ONE_WAIT_S))
            self._hurry.clear()
            if hurried and not is_asked and self._deadline is None:
                return

    def _stop_unless_first(self, *, is_asked: bool) -> None:
        """At the end there is one more attempt, and none where the destination asked for time."""
        if is_asked or self._has_tried_last:
            raise StoppedError
        self._has_tried_last = True

    def _end(self) -> None:
        for progress in self.feed.let_go():
            self._give_up(progress)
        try:
            self.destination.close()
        except Exception as error:  # noqa: BLE001 - somebody's exporter
            guard.report("closing a destination", error)
        self.has_ended = True
        self._on_progress()

    def _give_up(self, progress: Progress) -> None:
        """Count what nobody can send any more: what is in memory or for an object of this process."""
        is_bound = self.identity.startswith(PROCESS_BOUND)
        if is_bound or isinstance(progress.log, MemoryLog):
            reason = "exporter_gone" if is_bound else "process_ended"
            tally = Tally(lost=Counter({reason: progress.left}))
            if progress.left:
                text = "lost: %s that waited for %s in this process only, which has ended"
                _logger.warning(text, counted(progress.left, "span"), self.identity)
            self._note(tally)
            progress.give_up()
            self._count(tally, is_own=True)
