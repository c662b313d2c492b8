"""Runs that have begun are kept until they end, so many and no more."""

import os

import pytest

from spanscore.integrations._open_runs import OpenRuns

pytestmark = pytest.mark.core


class Step:
    """Says in a list that it has ended."""

    def __init__(self, name: str, ended: list[str]) -> None:
        self.name = name
        self.ended = ended

    def end(self) -> None:
        self.ended.append(self.name)


def test_a_run_is_there_from_its_beginning_to_its_end() -> None:
    runs = OpenRuns[Step]()
    step = Step("a", [])
    runs.put(1, step)
    assert (1 in runs, runs.get(1), len(runs)) == (True, step, 1)
    assert runs.pop(1) is step
    assert (1 in runs, runs.get(1), runs.pop(1), len(runs)) == (False, None, None, 0)
    assert step.ended == []


def test_beyond_so_many_the_oldest_is_ended() -> None:
    ended: list[str] = []
    runs = OpenRuns[Step](most=2)
    for name in "abc":
        runs.put(name, Step(name, ended))
    assert ended == ["a"]
    assert [name in runs for name in "abc"] == [False, True, True]


def test_all_are_ended_from_the_newest_to_the_oldest() -> None:
    ended: list[str] = []
    runs = OpenRuns[Step]()
    for name in "abc":
        runs.put(name, Step(name, ended))
    runs.end_all()
    assert (ended, len(runs)) == (["c", "b", "a"], 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_a_child_has_none_of_its_parents_runs() -> None:
    runs = OpenRuns[Step]()
    runs.put(1, Step("a", []))
    pid = os.fork()
    if pid == 0:
        os._exit(len(runs))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert len(runs) == 1
