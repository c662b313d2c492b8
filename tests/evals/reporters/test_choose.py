import sys

import pytest

from spanscore.evals.reporters import PlainReporter, Reporter, SilentReporter, choose_reporter
from spanscore.evals.reporters._terminal import TerminalReporter

pytestmark = pytest.mark.core

CHOICES: dict[str, tuple[tuple[bool, bool], bool, type[Reporter]]] = {
    "a terminal": ((True, True), False, TerminalReporter),
    "output into a file": ((False, True), False, PlainReporter),
    "errors into a file": ((True, False), False, PlainReporter),
    "no terminal": ((False, False), False, PlainReporter),
    "quiet": ((True, True), True, SilentReporter),
}


@pytest.mark.parametrize("name", CHOICES)
def test_the_reporter_fits_where_the_output_goes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (out, err), quiet, expected = CHOICES[name]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: out)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: err)
    assert type(choose_reporter(quiet=quiet)) is expected
