"""The outbox: where finished spans go in, and where one learns what became of them."""

import atexit
import logging
import os
import sys
import threading
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from time import monotonic
from typing import Final, Literal

from opentelemetry.sdk.trace import ReadableSpan

from spanscore._counted import counted
from spanscore.attachments import may_hold_media
from spanscore.delivery._attempts import Tally
from spanscore.delivery._codec import encode_span, encode_update
from spanscore.delivery._exit import EXIT, EXIT_BUDGET_S
from spanscore.delivery._feed import Feed
from spanscore.delivery._flushed import LEFT, Flushed, flushed_by, told
from spanscore.delivery._frames import ALSO_LOCAL, IN_PARTS, LOCAL_ONLY, UNDECIDED, Kind
from spanscore.delivery._intake import Intake
from spanscore.delivery._journal import Journal
from spanscore.delivery._masking import MASKING
from spanscore.delivery._media import Media
from spanscore.delivery._memory import MemoryLog
from spanscore.delivery._notes import Notes
from spanscore.delivery._parts import Parts
from spanscore.delivery._progress import Place
from spanscore.delivery._redaction import Redactor
from spanscore.delivery._segment import Segment
from spanscore.delivery._sender import Sender
from spanscore.delivery._sources import Sources
from spanscore.delivery._spool import Spool
from spanscore.delivery._tail import TailBuffer, TailSampling, is_of_eval
from spanscore.wire.attributes import PARENT
from spanscore.wire.records import Record, RowUpdate
from spanscore.wire.seams import Destination

_WINDOW_S: Final = 0.02
_LOOK_S: Final = 0.1
_LAST_PORTION: Final = 0.25
"""The part of the time at the end that is left for the portion under way."""

_LOCAL_PARENTS: Final[dict[str, int]] = {}
"""Containers whose records the embedded store has, whichever way they take, with the flag of these."""

_logger = logging.getLogger("spanscore")
_SPAN: Final = int(Kind.SPAN)
_UPDATE: Final = int(Kind.UPDATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxOptions:
    """How records are kept and what is done to them on their way.

    `spool` None keeps them in memory. `durability` "span" writes each before its span's `end()` returns,
    "window" within 20 ms, "off" keeps them in memory. `redactor` removes secrets by pattern, in the sender
    or, with `redact_at` "span", before the write. `tail` decides which traces are kept. `media` puts media
    apart. The program's masking functions always come before the write.
    """

    spool: Spool | None = None
    durability: Literal["span", "window", "off"] = "span"
    redactor: Redactor | None = None
    redact_at: Literal["send", "span"] = "send"
    tail: TailSampling | None = None
    media: Media | None = None


class Outbox:
    """Takes records from any thread; a thread for each destination delivers them.

    A record is in the spool when `put` returns; `put` never waits for a destination. A forked child begins
    with nothing of its parent's.
    """

    def __init__(self, destinations: Sequence[Destination], options: OutboxOptions | None = None) -> None:
        self._options = options or OutboxOptions()
        self._spool = None if self._options.durability == "off" else self._options.spool
        self._given = tuple(destinations)
        self._store: Destination | None = None
        self._keeps = False
        self._heirs: tuple[tuple[Outbox, Destination], ...] = ()
        self._sources = Sources()
        spool = self._options.spool
        self._notes = None if spool is None else Notes(spool, self._options.redactor)
        self._redacts_first = self._options.redactor if self._options.redact_at == "span" else None
        self._is_exiting = False
        self._begin()
        _renew_in_children(self)
        _LIVING.add(self)
        _end_with_process()

    def _begin(self) -> None:
        # Reentrant: garbage collected while it is held may be a stream whose span ends, and is put, here.
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        # Asked each time: an exporter object has another identity in each process.
        self._chosen = tuple(dict.fromkeys(each.identity for each in self._given))
        added = () if self._store is None else (self._store,)
        self._destinations = {each.identity: each for each in (*self._given, *added)}
        self._tallies = {identity: (Tally(), Tally()) for identity in self._destinations}
        self._senders: tuple[Sender, ...] = ()
        self._is_starting = False
        self._ending: tuple[Sender, ...] = ()
        window_s = _WINDOW_S if self._options.durability == "window" else None
        self._journal = Journal(self._spool, self._sources, window_s=window_s, on_window=self._wake)
        self._journal.address(tuple(self._destinations), self._chosen)

    @property
    def identities(self) -> frozenset[str]:
        """The identities of the destinations that take every record."""
        return frozenset(self._chosen)

    def put(self, record: Record) -> None:
        """Take one record; it is safe when this returns."""
        if MASKING.is_on:
            record = MASKING.masked(record)
        kind, parts, source = self._encoded(record)
        if self._redacts_first is not None and (clean := self._redacted(record, parts)) is not record:
            kind, parts, source = self._encoded(clean)
        self._journal.append(kind, parts, source)
        if not self._senders:
            self._start()
        for sender in self._senders:
            if sender.is_idle:
                sender.wake()

    def flush(self, timeout_s: float = 30.0, *, only: str | None = None) -> Flushed:
        """Wait until everything taken so far is safe at every destination, at most `timeout_s` seconds.

        What dead processes have left for these destinations is sent too. What is put meanwhile is not waited
        for, nor are spans whose trace tail sampling has yet to decide on. `only` is the identity of the one
        destination that is waited for and told about.
        """
        deadline = monotonic() + timeout_s
        self._journal.write_out()
        wanted = self._journal.appended
        if not self._senders:
            self._start()
        for sender in self._senders:
            sender.feed.look_again()
            sender.hurry()
        with self._changed:
            while not self._is_flushed(wanted, only) and (left := deadline - monotonic()) > 0:
                self._changed.wait(min(left, _LOOK_S))
        return self._figures(wanted, only)

    def close(self, timeout_s: float = EXIT_BUDGET_S) -> None:
        """Deliver what can be within `timeout_s` seconds and let go of the spool, which keeps the rest.

        A later record opens everything again.
        """
        atexit.unregister(self._end_of_process)
        self._stop(deadline := monotonic() + EXIT.left_of(timeout_s), timeout_s)
        with self._changed:
            while not self._have_ended() and (left := deadline - monotonic()) > 0:
                self._changed.wait(min(left, _LOOK_S))
        self._release_if_ended()

    def _stop(self, deadline: float, timeout_s: float) -> None:
        self._journal.pause()
        with self._lock:
            self._ending, self._senders = (*self._ending, *self._senders), ()
        # A sender ends between two portions. It should have, before the interpreter does: a thread that is
        # inside a library of C++ then takes the whole process with it.
        for sender in self._ending:
            sender.stop(deadline - timeout_s * _LAST_PORTION)

    def keep_local(self, parent: str, store: Destination) -> None:
        """Send what belongs to the container `parent` to the embedded store and nowhere else."""
        self._keep(parent, store, LOCAL_ONLY)

    def keep_also_local(self, parent: str, store: Destination) -> None:
        """Send what belongs to the container `parent` to the embedded store, too."""
        self._keep(parent, store, ALSO_LOCAL)

    def _keep(self, parent: str, store: Destination, flag: int) -> None:
        self._keep_in(store)
        _LOCAL_PARENTS[parent] = flag

    def _keep_in(self, store: Destination) -> None:
        with self._lock:
            self._keeps = True
            if store.identity not in self._destinations:
                self._add(store)
        for heir, own in self._heirs:
            heir._keep_in(own)

    def go_on_for(self, former: "Outbox", store: Destination) -> None:
        """Have `store` get what the former outbox is to send to the embedded one, now that it comes here."""
        former._heirs = (*former._heirs, (self, store))
        if former._keeps:
            self._keep_in(store)

    def is_local(self, parent: str) -> bool:
        """True if what belongs to the container `parent` goes to the embedded store and nowhere else."""
        return _LOCAL_PARENTS.get(parent) == LOCAL_ONLY

    def _add(self, store: Destination) -> None:
        """Have one more sender, for what is put from now on."""
        self._store, identity, own = store, store.identity, Tally()
        self._destinations = {**self._destinations, identity: store}
        self._tallies = {**self._tallies, identity: (own, Tally())}
        own.left_out["elsewhere"] = self._journal.address(tuple(self._destinations), self._chosen)
        if self._senders:
            sender = self._sender(identity)
            self._journal.tell(partial(_follow, (*self._senders, sender)))
            sender.start()
            self._senders = (*self._senders, sender)

    def _encoded(self, record: Record) -> tuple[int, Parts, int | None]:
        if isinstance(record, RowUpdate):
            return _UPDATE | self._flags(record.parent, None), (encode_update(record),), None
        source = self._sources.number(record)
        parts = encode_span(record, source)
        kind = _SPAN if len(parts) == 1 else _SPAN | IN_PARTS
        if _LOCAL_PARENTS or self._options.tail is not None:
            kind |= self._flags((record.attributes or {}).get(PARENT), record)
        return kind, parts, source

    def _redacted(self, record: Record, parts: Parts) -> Record:
        """The record without secrets before it is written; its media are not where to look for them."""
        redactor, media = self._redacts_first, self._options.media
        if redactor is None:
            return record
        if media is not None and any(map(may_hold_media, parts)):
            return media.redacted(record, redactor.record)
        return redactor.record(record) if any(map(redactor.may_hold_secret, parts)) else record

    def _flags(self, parent: object, span: ReadableSpan | None) -> int:
        if isinstance(parent, str) and parent in _LOCAL_PARENTS:
            return _LOCAL_PARENTS[parent]
        is_sampled = self._options.tail is not None and span is not None and not is_of_eval(parent, span)
        return UNDECIDED if is_sampled else 0

    def _start(self) -> None:
        # Not for ever: what garbage collection puts in the middle of an append holds the journal's lock.
        if not self._lock.acquire(timeout=_LOOK_S):
            return
        try:
            if not (self._senders or self._is_exiting or self._is_starting):
                self._start_senders()
        finally:
            self._lock.release()

    def _start_senders(self) -> None:
        # A signal handler in the middle of this may put a span; its senders would be nobody's.
        self._is_starting = True
        try:
            senders = tuple(self._sender(identity) for identity in self._destinations)
            self._journal.tell(partial(_follow, senders))
            for sender in senders:
                sender.start()
            self._senders = senders
        finally:
            self._is_starting = False
        atexit.register(self._end_of_process)
        _at_end_of_worker_process(self._end_of_process)

    def _sender(self, identity: str) -> Sender:
        options = self._options
        tail = None if options.tail is None else TailBuffer[Place](options.tail)
        return Sender(
            self._destinations[identity],
            Feed(identity, self._spool, self._journal),
            Intake(options.redactor, tail, options.media, identity),
            tallies=self._tallies[identity],
            notes=self._notes,
            on_progress=self._notify,
        )

    def _wake(self) -> None:
        for sender in self._senders:
            if sender.is_idle:
                sender.wake()

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()
            self._release_if_ended()

    def _is_flushed(self, wanted: int, only: str | None) -> bool:
        return all(
            sender.has_ended
            or not sender.is_running
            or (sender.tally.settled + sender.feed.held >= wanted and not sender.feed.has_orphans)
            for sender in self._senders
            if only in (None, sender.identity)
        )

    def _figures(self, wanted: int, only: str | None) -> Flushed:
        orphans = {sender.identity: sender.feed.orphans_left for sender in self._senders}
        return flushed_by(
            {
                identity: Flushed(
                    own.delivered + adopted.delivered,
                    max(0, wanted - own.settled) + orphans.get(identity, 0),
                    dict(own.lost + adopted.lost),
                    told(own.left_out + adopted.left_out),
                )
                for identity, (own, adopted) in self._tallies.items()
                if only in (None, identity)
            }
        )

    def _have_ended(self) -> bool:
        return all(sender.has_ended or not sender.is_running for sender in self._ending)

    def _release_if_ended(self) -> None:
        """Give up the locks of the spool as soon as nobody here reads it any more."""
        if not self._ending or not self._have_ended():
            return
        self._ending = ()
        if self._senders:
            # Recording went on meanwhile: who sends now takes up what was left.
            self._journal.tell(partial(_follow, self._senders))
        else:
            self._journal.release()
            for own, _ in self._tallies.values():
                # What is left is nobody's now. If it is adopted here, it counts as adopted.
                own.left_out[LEFT] += max(0, self._journal.appended - own.settled)
        if self._notes is not None:
            self._notes.write()

    def _end_of_process(self) -> None:
        EXIT.begin()
        for outbox in tuple(_LIVING):
            outbox._prepare_for_end()
        self.close(EXIT_BUDGET_S)
        for identity, (own, _) in self._tallies.items():
            left = own.left_out[LEFT] + max(0, self._journal.appended - own.settled)
            if left and self._spool is not None:
                text = "%s for %s in %s; the next process or `spanscore spool drain` sends what waits"
                waiting = counted(left, "span waits", "spans wait")
                _logger.warning(text, waiting, identity, self._spool.folder)

    def _end_if_sending(self) -> None:
        end = self._end_of_process if self._senders else self._prepare_for_end
        end()

    def _prepare_for_end(self) -> None:
        """Have the senders end by the deadline that all outboxes of the process share."""
        if not self._is_exiting:
            self._is_exiting = True
            self._journal.write_at_once()
            self._stop(monotonic() + EXIT.left_of(EXIT_BUDGET_S), EXIT_BUDGET_S)

    def _begin_in_child(self) -> None:
        if self._options.redactor is not None:
            self._options.redactor.renew()
        for sender in (*self._senders, *self._ending):
            sender.feed.abandon()
        self._journal.abandon()
        self._sources.renew()
        if self._spool is not None:
            self._spool.ledger.renew()
        self._begin()


_LIVING: Final[weakref.WeakSet[Outbox]] = weakref.WeakSet()


@cache
def _end_with_process() -> None:
    atexit.register(_end_all)


def _end_all() -> None:
    """End what was first put something at the end; a thread that starts later outlives the interpreter."""
    for outbox in tuple(_LIVING):
        outbox._end_if_sending()  # pyright: ignore[reportPrivateUsage]


def _follow(senders: Sequence[Sender], log: Segment | MemoryLog) -> None:
    for sender in senders:
        sender.feed.follow(log)


def _renew_in_children(outbox: Outbox) -> None:
    if hasattr(os, "register_at_fork"):
        begin = weakref.WeakMethod(outbox._begin_in_child)  # pyright: ignore[reportPrivateUsage]
        os.register_at_fork(after_in_child=lambda: (call := begin()) and call())


def _at_end_of_worker_process(close: Callable[[], None]) -> None:
    """Have `close` called at the end of a process of multiprocessing, where `atexit` calls nothing."""
    util = sys.modules.get("multiprocessing.util")
    process = sys.modules.get("multiprocessing.process")
    if util is not None and process is not None and process.parent_process() is not None:
        util.Finalize(None, close, exitpriority=0)
