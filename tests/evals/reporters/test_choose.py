import sys

import pytest

from spanscore.evals.reporters import Display, PlainDisplay, SilentDisplay, choose_display
from spanscore.evals.reporters._terminal import TerminalDisplay

pytestmark = pytest.mark.core

CHOICES: dict[str, tuple[tuple[bool, bool], bool, type[Display]]] = {
    "a terminal": ((True, True), False, TerminalDisplay),
    "output into a file": ((False, True), False, PlainDisplay),
    "errors into a file": ((True, False), False, PlainDisplay),
    "no terminal": ((False, False), False, PlainDisplay),
    "quiet": ((True, True), True, SilentDisplay),
}


@pytest.mark.parametrize("name", CHOICES)
def test_the_reporter_fits_where_the_output_goes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (out, err), quiet, expected = CHOICES[name]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: out)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: err)
    assert type(choose_display(quiet=quiet)) is expected
