import sys

import pytest

from spanscore.evals.reporters import Display, Look, PlainDisplay, SilentDisplay, choose_display
from spanscore.evals.reporters._figures_only import FiguresOnly
from spanscore.evals.reporters._terminal import TerminalDisplay

pytestmark = pytest.mark.core

CHOICES: dict[str, tuple[tuple[bool, bool], Look | None, type[Display]]] = {
    "a terminal": ((True, True), None, TerminalDisplay),
    "output into a file": ((False, True), None, PlainDisplay),
    "errors into a file": ((True, False), None, PlainDisplay),
    "no terminal": ((False, False), None, PlainDisplay),
    "quiet": ((True, True), Look(quiet=True), SilentDisplay),
    "without progress": ((True, True), Look(progress=False), FiguresOnly),
}


@pytest.mark.parametrize("name", CHOICES)
def test_the_display_fits_where_the_output_goes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (out, err), look, expected = CHOICES[name]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: out)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: err)
    assert type(choose_display(look)) is expected
