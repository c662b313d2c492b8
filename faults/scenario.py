"""A scenario as a value: what runs, how the sink answers meanwhile, and what must come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from faults.answer import UP, Answer


class Place(Enum):
    """Where the spans go."""

    OTLP = "otlp"
    LOCAL = "local"
    BOTH = "otlp,local"
    BRAINTRUST = "braintrust"


class Disk(Enum):
    """What SPANSCORE_HOME is on."""

    PLAIN = "a folder"
    READ_ONLY = "a read-only file system"
    FULL = "a file system of 256 KB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many spans, how many of a program that makes them steadily, how long the sink is in trouble."""

    spans: int
    steady_spans: int
    outage_s: float


FULL = Size(spans=2_000, steady_spans=10_000, outage_s=10.0)
SHORT = Size(spans=240, steady_spans=240, outage_s=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A program, its sink, and what must hold.

    `program` is a module of `faults.programs` with its arguments. The sink answers with `answer` at first and
    takes everything again after the outage, if `recovers` says so, else when the program is gone. A steady
    program makes its spans evenly over the outage and a little more. `spans` replaces the number of the size.
    `refused` is how many spans the sink never takes; `status` is the program's own exit status; `tracebacks`
    how many it prints by itself. `key` is the API key on the Braintrust route; `later`
    the later process. `needs` are packages without
    which there is nothing to run.
    """

    name: str
    program: tuple[str, ...]
    answer: Answer = UP
    recovers: bool = False
    is_steady: bool = False
    place: Place = Place.OTLP
    disk: Disk = Disk.PLAIN
    spans: int | None = None
    refused: int = 0
    status: int = 0
    tracebacks: int = 0
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    needs: tuple[str, ...] = ()
    is_short: bool = True
    has_baseline: bool = False
    key: str = "one"
    later: tuple[str, ...] = ("spanscore", "spool", "drain", "--timeout=20")
    is_for_two_keys: bool = False
    ends_promptly: bool = True
    patience_s: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a scenario. `broken` says in words what else did not hold; empty is as it should be."""

    scenario: str
    marked: int = 0
    delivered: int = 0
    lost: int = 0
    refused: int = 0
    twice_sent: int = 0
    twice_stored: int = 0
    exceptions: int = 0
    hangs: int = 0
    end_s: float | None = None
    broken: tuple[str, ...] = ()
    skipped: str = ""
    log: str = ""
