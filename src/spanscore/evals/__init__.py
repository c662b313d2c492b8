"""The experiment: cases run through a task to scores, each trial a trace."""

from spanscore.evals._base_experiment import BaseExperiment
from spanscore.evals._case import EvalCase
from spanscore.evals._hooks import EvalHooks
from spanscore.evals._missing_scores import default_error_score_handler
from spanscore.evals._options import ErrorRule, ErrorScoreHandler, EvalOptions, Executor
from spanscore.evals._overridden import not_run, overridden
from spanscore.evals._reporting import Reporting, plan_reporting
from spanscore.evals._result import EvalFailure, EvalResult, ExperimentResult
from spanscore.evals._runner import run_eval
from spanscore.evals._session import EndedEval, EvalSession, LeftOut, Overrides, active_session, eval_session
from spanscore.evals._span_filters import SpanFilters
from spanscore.evals._trace import CaseTrace, TraceSpan, case_metrics
from spanscore.evals.reporters import Display, Look, PlainDisplay, ReporterDef, SilentDisplay, choose_display

__all__ = [
    "BaseExperiment",
    "CaseTrace",
    "Display",
    "EndedEval",
    "ErrorRule",
    "ErrorScoreHandler",
    "EvalCase",
    "EvalFailure",
    "EvalHooks",
    "EvalOptions",
    "EvalResult",
    "EvalSession",
    "Executor",
    "ExperimentResult",
    "LeftOut",
    "Look",
    "Overrides",
    "PlainDisplay",
    "ReporterDef",
    "Reporting",
    "SilentDisplay",
    "SpanFilters",
    "TraceSpan",
    "active_session",
    "case_metrics",
    "choose_display",
    "default_error_score_handler",
    "eval_session",
    "not_run",
    "overridden",
    "plan_reporting",
    "run_eval",
]
