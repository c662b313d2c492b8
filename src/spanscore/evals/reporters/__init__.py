"""Who shows an eval: a progress bar and a table in a terminal, plain lines elsewhere, or nobody.

What is written into files is in modules of their own, which only the command line needs.
"""

from spanscore.evals.reporters._choose import Look, choose_display
from spanscore.evals.reporters._defined import ReporterDef, ReportEval, ReportRun
from spanscore.evals.reporters._display import Display
from spanscore.evals.reporters._plain import PlainDisplay
from spanscore.evals.reporters._progress_only import ProgressOnly
from spanscore.evals.reporters._silent import SilentDisplay

__all__ = [
    "Display",
    "Look",
    "PlainDisplay",
    "ProgressOnly",
    "ReportEval",
    "ReportRun",
    "ReporterDef",
    "SilentDisplay",
    "choose_display",
]
