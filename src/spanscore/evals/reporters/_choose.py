"""Which display fits where the output goes."""

import sys
from dataclasses import dataclass

from spanscore.evals.reporters._display import Display
from spanscore.evals.reporters._figures_only import FiguresOnly
from spanscore.evals.reporters._plain import PlainDisplay
from spanscore.evals.reporters._silent import SilentDisplay
from spanscore.wire.seams import Regressions


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How much an eval shows: nothing if `quiet`, tracebacks if `verbose`, how far it is if `progress`."""

    quiet: bool = False
    verbose: bool = False
    progress: bool = True


def choose_display(look: Look | None = None, *, regressions: Regressions | None = None) -> Display:
    """The display for this process: a live one in a terminal, else plain lines; a silent one if `quiet`.

    `regressions` knows which inputs got worse; without it they are not shown.
    """
    look = look or Look()
    if look.quiet:
        return SilentDisplay()
    display = _fitting(look, regressions)
    return display if look.progress else FiguresOnly(display)


def _fitting(look: Look, regressions: Regressions | None) -> Display:
    if sys.stdout.isatty() and sys.stderr.isatty():
        # Here and not at the top: rich is dear to import, and only a terminal needs it.
        from spanscore.evals.reporters._terminal import TerminalDisplay  # noqa: PLC0415

        return TerminalDisplay(regressions=regressions, verbose=look.verbose)
    return PlainDisplay(
        progress=sys.stderr, summary=sys.stdout, regressions=regressions, verbose=look.verbose
    )
