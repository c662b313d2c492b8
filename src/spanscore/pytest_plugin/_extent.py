"""How much of the tests a run was over, and why not over all of them."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pytest

_BY_NAME: Final = re.compile(r"(-[hlqsvx]*[km]|--deselect)=?(?P<value>.*)", re.DOTALL)
_BY_FAILURES: Final = ("--lf", "--last-failed", "--sw", "--stepwise")


class Extent:
    """A plugin that counts the tests of a run, in the process that the run is started in.

    `deselected` is how many tests were left out; the workers of pytest-xdist leave them out, and tell of it.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.deselected = 0
        self._arguments: Sequence[str] = tuple(map(str, config.invocation_params.args))
        self._finished: set[str] = set()
        self._uncollected = 0
        self._stopped_by = ""

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Count what cannot be collected."""
        self._uncollected += report.failed

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Count what is left out."""
        self.deselected += len(items)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count what has run to its end; the only report of a test that crashed its worker is of no phase."""
        if report.when not in ("setup", "call"):
            self._finished.add(report.nodeid)

    def pytest_keyboard_interrupt(self, excinfo: "pytest.ExceptionInfo[BaseException]") -> None:
        """Keep why the run was stopped."""
        self._stopped_by = str(excinfo.value) or type(excinfo.value).__name__

    def partial(self, session: pytest.Session) -> str | None:
        """Why the run, which is over, was not over all tests; None if it was."""
        return "; ".join(self._reasons(session)) or None

    def _reasons(self, session: Any) -> Iterator[str]:
        chosen = self._chosen()
        if chosen:
            yield f"those chosen by {chosen}"
        if self._uncollected:
            yield f"{self._uncollected} of its files or folders could not be collected"
        if len(self._finished) < session.testscollected:
            why = str(session.shouldfail or self._stopped_by)
            how_far = f"{len(self._finished):,} of {session.testscollected:,} tests"
            yield f"its run was stopped after {how_far}" + (f": {why}" if why else "")

    def _chosen(self) -> str:
        """The arguments that chose tests for this run; what a project's settings choose is the whole."""
        words: list[str] = []
        rest = list(reversed(self._arguments))
        while rest:
            argument = rest.pop()
            by_name, by_failures = _BY_NAME.fullmatch(argument), argument in _BY_FAILURES
            given = [argument]
            if by_name and not by_name["value"] and rest:
                given.append(rest.pop())
            is_node = "::" in argument and not argument.startswith("-")
            if is_node or by_failures or (by_name and self.deselected):
                words += given
        return " ".join(words)
