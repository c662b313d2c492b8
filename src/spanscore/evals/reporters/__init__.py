"""Who shows an eval: a progress bar and a table in a terminal, plain lines elsewhere, files, or nobody."""

from spanscore.evals.reporters._account import Account, account_of
from spanscore.evals.reporters._case_report import CaseReport, case_of_result, case_of_trace
from spanscore.evals.reporters._choose import Look, choose_display
from spanscore.evals.reporters._defined import ReporterDef, ReportEval, ReportRun
from spanscore.evals.reporters._display import Display
from spanscore.evals.reporters._html import write_html
from spanscore.evals.reporters._junit import write_junit
from spanscore.evals.reporters._markdown import markdown
from spanscore.evals.reporters._plain import PlainDisplay
from spanscore.evals.reporters._progress_only import ProgressOnly
from spanscore.evals.reporters._section import Section
from spanscore.evals.reporters._silent import SilentDisplay

__all__ = [
    "Account",
    "CaseReport",
    "Display",
    "Look",
    "PlainDisplay",
    "ProgressOnly",
    "ReportEval",
    "ReportRun",
    "ReporterDef",
    "Section",
    "SilentDisplay",
    "account_of",
    "case_of_result",
    "case_of_trace",
    "choose_display",
    "markdown",
    "write_html",
    "write_junit",
]
