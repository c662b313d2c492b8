"""What a run was over, in words."""

from types import SimpleNamespace
from typing import Any

import pytest

from spanscore.pytest_plugin._extent import Extent

pytestmark = pytest.mark.core


def over(*arguments: str, deselected: int = 0, finished: int = 3) -> str | None:
    config: Any = SimpleNamespace(invocation_params=SimpleNamespace(args=arguments))
    extent = Extent(config)
    extent.deselected = deselected
    for number in range(finished):
        for phase in ("setup", "call", "teardown"):
            report: Any = SimpleNamespace(nodeid=str(number), when=phase)
            extent.pytest_runtest_logreport(report)
    session: Any = SimpleNamespace(testscollected=3, shouldfail=False)
    return extent.partial(session)


CHOICES: dict[tuple[str, ...], str | None] = {
    (): None,
    ("-q", "tests", "--maxfail=2"): None,
    ("-k", "rome or oslo", "-q"): "-k rome or oslo",
    ("-krome",): "-krome",
    ("-qk", "rome"): "-qk rome",
    ("-m", "not slow", "tests/a.py"): "-m not slow",
    ("--deselect", "a.py::b", "--deselect=a.py::c"): "--deselect a.py::b --deselect=a.py::c",
    ("-pno:mock",): None,
    ("a.py::b", "c.py"): "a.py::b",
    ("--lf", "-k", "x"): "--lf -k x",
    ("--log-file=a::b",): None,
}


@pytest.mark.parametrize("arguments", CHOICES)
def test_what_was_chosen_for_this_run(arguments: tuple[str, ...]) -> None:
    words = CHOICES[arguments]
    assert over(*arguments, deselected=2) == (None if words is None else f"those chosen by {words}")


@pytest.mark.parametrize("arguments", [("-k", "all"), ("-m", "all"), ("--deselect", "a.py::b")])
def test_what_leaves_nothing_out_chooses_nothing(arguments: tuple[str, ...]) -> None:
    assert over(*arguments) is None


def test_all_reasons_are_given() -> None:
    reason = over("a.py::b", finished=1)
    assert reason == "those chosen by a.py::b; its run was stopped after 1 of 3 tests"
