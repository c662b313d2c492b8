"""Two keys and one home: a process sends what others have left under its own key only."""

from dataclasses import replace

from faults.answer import DOWN, UP
from faults.harness import Run, count_outcome, drain_once, run_program
from faults.marks import read_marks
from faults.scenario import Outcome
from faults.sink_process import SinkProcess


def run_two_keys(run: Run) -> Outcome:
    """One key's program finds the sink down; another key's program and a third process come after it."""
    other = replace(run, marks_name="marks of the other", scenario=replace(run.scenario, key="two"))
    for prepared in (run, other):
        prepared.prepare()
    with SinkProcess(run.folder / "sink", DOWN) as sink:
        ended = run_program(run, sink)
        sink.use(UP)
        run_program(other, sink)
        drain_once(other, sink)
        first, second = read_marks(run.marks).finished, read_marks(other.marks).finished
        broken = _wrong(first, second, sink.arrivals().keys)
        drain_once(run, sink)
        outcome = count_outcome(run, ended, sink)
        lost = outcome.lost + len(second - set(sink.arrivals().times))
        crossed = _crossed(first, second, sink.arrivals().keys)
    return replace(outcome, lost=lost, broken=(*outcome.broken, *broken, *crossed))


def _wrong(first: frozenset[str], second: frozenset[str], keys: dict[str, str]) -> list[str]:
    """What did not hold before the first key's own process came back."""
    early = first & keys.keys()
    return [f"{len(early)} spans of the first key were sent by the second's process"] if early else []


def _crossed(first: frozenset[str], second: frozenset[str], keys: dict[str, str]) -> list[str]:
    wrong = sum(keys.get(span, "one") != "one" for span in first)
    wrong += sum(keys.get(span, "two") != "two" for span in second)
    return [f"{wrong} spans came with the other's key"] if wrong else []
