"""What lies in a spool, looked at without touching it."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from spanscore.delivery._acks import acknowledged
from spanscore.delivery._dead_letters import DeadLetters
from spanscore.delivery._log import count_records
from spanscore.delivery._segment import Segment, open_segment
from spanscore.delivery._spool import UNREADABLE, Spool


@dataclass(slots=True, kw_only=True)
class Backlog:
    """What waits for one destination: records that dead and that living processes have written.

    `oldest_ns` is when the oldest segment with some of them began, in Unix nanoseconds.
    """

    identity: str
    of_dead: int = 0
    of_living: int = 0
    segments: int = 0
    oldest_ns: int

    @property
    def records(self) -> int:
        """All that waits."""
        return self.of_dead + self.of_living


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolReport:
    """The state of a spool.

    `counts` are those of the ledger, by destination and reason; `dead_letters` how many there are by
    destination.
    """

    bytes: int
    backlogs: list[Backlog]
    counts: dict[str, dict[str, int]]
    dead_letters: dict[str, int]


def inspect(spool: Spool) -> SpoolReport:
    """The state of the spool now; what cannot be read of it does not count."""
    backlogs: dict[str, Backlog] = {}
    size = 0
    for path in spool.paths():
        dead = open_segment(path)
        segment = dead or open_segment(path, alive=True)
        if segment is not None:
            size += segment.end
            with suppress(*UNREADABLE):
                _add(backlogs, segment, is_alive=dead is None)
            segment.close()
    return SpoolReport(
        bytes=size,
        backlogs=sorted(backlogs.values(), key=lambda backlog: backlog.identity),
        counts=spool.ledger.totals(),
        dead_letters=_by_destination(letter.get("destination") for letter in DeadLetters(spool.folder)),
    )


def _add(backlogs: dict[str, Backlog], segment: Segment, *, is_alive: bool) -> None:
    for identity in segment.header.destinations:
        count = count_records(segment, identity, acknowledged(segment.path, identity))
        if not count:
            continue
        created_ns = segment.header.created_ns
        backlog = backlogs.setdefault(identity, Backlog(identity=identity, oldest_ns=created_ns))
        backlog.segments += 1
        if is_alive:
            backlog.of_living += count
        else:
            backlog.of_dead += count
        backlog.oldest_ns = min(backlog.oldest_ns, created_ns)


def _by_destination(identities: Iterable[object]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for identity in identities:
        counts[str(identity)] = counts.get(str(identity), 0) + 1
    return counts
