"""Which reporter fits where the output goes."""

import sys

from spanscore.evals.reporters._plain import PlainReporter
from spanscore.evals.reporters._reporter import Reporter
from spanscore.evals.reporters._silent import SilentReporter


def choose_reporter(*, quiet: bool = False) -> Reporter:
    """The reporter for this process: a live one in a terminal, else plain lines; a silent one if `quiet`."""
    if quiet:
        return SilentReporter()
    if sys.stdout.isatty() and sys.stderr.isatty():
        # Here and not at the top: rich is dear to import, and only a terminal needs it.
        from spanscore.evals.reporters._terminal import TerminalReporter  # noqa: PLC0415

        return TerminalReporter()
    return PlainReporter(progress=sys.stderr, summary=sys.stdout)
