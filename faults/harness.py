"""Runs one scenario: sink, program, outage, a later process, and then the counting."""

import importlib.util
import os
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from faults.answer import UP, Answer
from faults.disks import can_mount, on_disk
from faults.group import Ended, Group
from faults.marks import Marked, count_marks, read_marks
from faults.scenario import Disk, Outcome, Place, Scenario, Size
from faults.sink import ELSEWHERE
from faults.sink_process import Arrivals, SinkProcess
from faults.stores import stored, told_of, twice_in_a_store

ROOT = Path(__file__).resolve().parent.parent
_STEADY_AFTER_S = 2.0
_DRAINS = 2
_MOST_DRAINS = 12
_DRAIN_S = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a scenario in a folder of its own; `is_bare` with the bare OpenTelemetry SDK."""

    scenario: Scenario
    size: Size
    folder: Path
    is_bare: bool = False
    marks_name: str = "marks"

    @property
    def home(self) -> Path:
        """SPANSCORE_HOME."""
        return self.folder / "home"

    @property
    def marks(self) -> Path:
        """The folder of the marks."""
        return self.folder / self.marks_name

    @property
    def log(self) -> Path:
        """Where the programs' output goes."""
        return self.folder / "log"

    def environment(self, endpoint: str) -> dict[str, str]:
        """What the programs find in their environment."""
        steady_s = self.size.outage_s + _STEADY_AFTER_S if self.scenario.is_steady else 0.0
        return {
            "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
            "PYTHONFAULTHANDLER": "1",
            "NO_COLOR": "1",
            "SPANSCORE_HOME": str(self.home),
            "SPANSCORE_DESTINATION": self.scenario.place.value,
            "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
            "BRAINTRUST_API_URL": endpoint,
            "BRAINTRUST_API_KEY": self.scenario.key if self.scenario.place is Place.BRAINTRUST else "",
            "BRAINTRUST_PROJECT": "faults",
            "FAULTS_ELSEWHERE": endpoint + ELSEWHERE,
            "FAULTS_MARKS": str(self.marks),
            "FAULTS_BROKER": str(self.folder / "broker"),
            "FAULTS_SPANS": str(self.spans),
            "FAULTS_SECONDS": str(steady_s),
            "FAULTS_SDK": "otel" if self.is_bare else "spanscore",
            **self.scenario.environment,
        }

    @property
    def spans(self) -> int:
        """How many spans the program makes."""
        usual = self.size.steady_spans if self.scenario.is_steady else self.size.spans
        return self.scenario.spans or usual

    def prepare(self) -> None:
        """Make the folders."""
        for name in ("home", self.marks_name, "broker", "broker/control"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)


def run_scenario(run: Run) -> Outcome:
    """Run it and count what came of it."""
    missing = _missing(run.scenario)
    if missing:
        return Outcome(scenario=run.scenario.name, skipped=missing)
    run.prepare()
    with SinkProcess(run.folder / "sink", run.scenario.answer) as sink:
        ended = run_program(run, sink)
        sink.use(_after(run.scenario))
        if not run.is_bare:
            _drain(run, sink)
        return count_outcome(run, ended, sink)


def _missing(scenario: Scenario) -> str:
    """What is not here that the scenario needs."""
    absent = [name for name in scenario.needs if importlib.util.find_spec(name) is None]
    if absent:
        return f"{', '.join(absent)} not installed"
    return "" if scenario.disk is Disk.PLAIN or can_mount() else "no file system may be mounted here"


def run_program(run: Run, sink: SinkProcess) -> Ended:
    """Run the program to its end, and the outage meanwhile."""
    module, *arguments = run.scenario.program
    command = [sys.executable, "-m", f"faults.programs.{module}", *arguments]
    command = on_disk(command, run.scenario.disk, run.home)
    program = Group(command, run.environment(sink.endpoint), run.log)
    if run.scenario.recovers:
        _recover_after(run.size.outage_s, run, program, sink)
    return program.wait(run.scenario.patience_s)


def _recover_after(outage_s: float, run: Run, program: Group, sink: SinkProcess) -> None:
    """Have the sink take everything again so long after the first span."""
    while not count_marks(run.marks) and not program.has_ended():
        time.sleep(0.02)
    time.sleep(outage_s)
    sink.use(UP)


def _after(scenario: Scenario) -> Answer:
    """How the sink answers later processes: it is well, but takes no more than it ever would."""
    never = scenario.answer
    return replace(UP, limit_bytes=never.limit_bytes, poison=never.poison, rejects=never.rejects)


def _drain(run: Run, sink: SinkProcess) -> None:
    """Run later processes until all marked has arrived: two, and more as long as they bring something."""
    if run.scenario.disk is not Disk.PLAIN:
        # The file system is gone with its program.
        return
    marked = read_marks(run.marks)
    before = 0
    for number in range(_MOST_DRAINS):
        absent = len(marked.finished - arrived(run, sink.arrivals()))
        if not absent or (number >= _DRAINS and absent == before):
            return
        before = absent
        drain_once(run, sink)


def drain_once(run: Run, sink: SinkProcess, **environment: str) -> None:
    """One later process with the same settings."""
    command = [sys.executable, "-m", *run.scenario.later]
    Group(command, {**run.environment(sink.endpoint), **environment}, run.log).wait(_DRAIN_S)


def arrived(run: Run, arrivals: Arrivals) -> set[str]:
    """The spans that are where they should be."""
    sent, kept = set(arrivals.times), set(stored(run.home / "spanscore.db"))
    match run.scenario.place:
        case Place.LOCAL:
            return kept
        case Place.BOTH:
            return sent & kept
        case Place.OTLP | Place.BRAINTRUST:
            return sent


def count_outcome(run: Run, ended: Ended, sink: SinkProcess) -> Outcome:
    """What came of a run, from the marks, the sink, the store and the output."""
    marked = read_marks(run.marks)
    arrivals = sink.arrivals()
    there = arrived(run, arrivals)
    output = run.log.read_text(encoding="utf-8", errors="replace")
    tracebacks = output.count("Traceback (most recent call last)")
    end_s = ended.at - marked.last_statement if marked.last_statement else None
    return Outcome(
        scenario=run.scenario.name,
        marked=len(marked.finished) + len(marked.refused),
        delivered=len(there),
        lost=len(marked.finished - there),
        refused=len(marked.refused - there),
        twice_sent=arrivals.twice,
        twice_stored=_twice_stored(run, arrivals, sink),
        exceptions=marked.exceptions + max(0, tracebacks - run.scenario.tracebacks),
        hangs=marked.hangs + ended.hangs,
        end_s=end_s,
        broken=tuple(_broken(run, ended, marked, sink)),
        log=output[-4000:],
    )


def _twice_stored(run: Run, arrivals: Arrivals, sink: SinkProcess) -> int:
    rows = stored(run.home / "spanscore.db")
    twice = rows.total() - len(rows)
    if arrivals.twice:
        twice += twice_in_a_store(sink.bodies(), run.folder / "sink" / "store.db")
    return twice


def _broken(run: Run, ended: Ended, marked: Marked, sink: SinkProcess) -> list[str]:
    """What else did not hold, in words."""
    broken: list[str] = []
    total = len(marked.finished) + len(marked.refused)
    if total < run.spans * 0.45:
        broken.append(f"only {total} spans were made")
    if ended.status != run.scenario.status:
        broken.append(f"ended with status {ended.status} instead of {run.scenario.status}")
    if marked.strangers:
        broken.append(f"the user's instrumentors saw {marked.strangers} of our own requests")
    if sink.redirected() and "instrumented" not in run.scenario.program:
        broken.append(f"{sink.redirected()} redirects were followed")
    told = told_of(run.home)
    if not run.is_bare and told != run.scenario.refused:
        broken.append(f"{told} spans are counted as not delivered instead of {run.scenario.refused}")
    return broken
