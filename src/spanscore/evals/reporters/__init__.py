"""Who shows an eval: a progress bar and a table in a terminal, plain lines elsewhere, or nobody."""

from spanscore.evals.reporters._choose import choose_reporter
from spanscore.evals.reporters._plain import PlainReporter
from spanscore.evals.reporters._reporter import Reporter
from spanscore.evals.reporters._silent import SilentReporter

__all__ = ["PlainReporter", "Reporter", "SilentReporter", "choose_reporter"]
