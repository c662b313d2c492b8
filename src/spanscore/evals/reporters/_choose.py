"""Which display fits where the output goes."""

import sys

from spanscore.evals.reporters._display import Display
from spanscore.evals.reporters._plain import PlainDisplay
from spanscore.evals.reporters._silent import SilentDisplay


def choose_display(*, quiet: bool = False) -> Display:
    """The display for this process: a live one in a terminal, else plain lines; a silent one if `quiet`."""
    if quiet:
        return SilentDisplay()
    if sys.stdout.isatty() and sys.stderr.isatty():
        # Here and not at the top: rich is dear to import, and only a terminal needs it.
        from spanscore.evals.reporters._terminal import TerminalDisplay  # noqa: PLC0415

        return TerminalDisplay()
    return PlainDisplay(progress=sys.stderr, summary=sys.stdout)
