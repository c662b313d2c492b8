"""OpenTelemetry-native tracing and evaluation for LLM applications, compatible with Braintrust.

Record a program with `init_logger`, `traced`, `current_span` and `wrap_openai`; measure it with `Eval`. Names
are loaded when they are first used, so that importing the package costs next to nothing.

PYTEST_DONT_REWRITE (the plugin for pytest has no assertions, and the package may be imported before pytest)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spanscore._git import get_past_n_ancestors, get_repo_info
    from spanscore.api._experiment_rows import ExperimentIdentifier
    from spanscore.api.anthropic import wrap_anthropic
    from spanscore.api.attachments import ReadonlyAttachment
    from spanscore.api.bedrock import wrap_bedrock
    from spanscore.api.dataset import init_dataset
    from spanscore.api.eval import Eval, EvalAsync
    from spanscore.api.evaluator import Evaluator
    from spanscore.api.experiment import Experiment, current_experiment
    from spanscore.api.functions import init_function, invoke, invoke_async
    from spanscore.api.google_genai import wrap_google_genai
    from spanscore.api.init import init, init_experiment
    from spanscore.api.instrument import auto_instrument, instrument, uninstrument
    from spanscore.api.links import NOOP_SPAN_PERMALINK, permalink
    from spanscore.api.litellm import wrap_litellm
    from spanscore.api.log_handler import BraintrustLogHandler
    from spanscore.api.logger import Logger, current_logger, init_logger
    from spanscore.api.login import login, org_id, set_http_adapter
    from spanscore.api.login_state import BraintrustState, login_to_state
    from spanscore.api.masking import set_masking_function
    from spanscore.api.module_log import get_span_parent_object, log, log_feedback, summarize, update_span
    from spanscore.api.openai import wrap_openai
    from spanscore.api.parameters import load_parameters
    from spanscore.api.processor import BraintrustSpanProcessor, SpanscoreSpanProcessor
    from spanscore.api.prompts import load_prompt, load_prompt_async
    from spanscore.api.propagation import extract_trace_context, inject_trace_context, parent_context
    from spanscore.api.readonly_experiment import ReadonlyExperiment
    from spanscore.api.reporter import Reporter
    from spanscore.api.setup import flush, setup
    from spanscore.api.threads import TracedThreadPoolExecutor
    from spanscore.attachments import Attachment, ExternalAttachment, JSONAttachment
    from spanscore.datasets import Dataset, DatasetSummary, DataSummary
    from spanscore.delivery import Flushed, TailSampling
    from spanscore.evals import BaseExperiment, EvalCase, EvalHooks, default_error_score_handler
    from spanscore.functions import (
        BraintrustConsoleChunk,
        BraintrustErrorChunk,
        BraintrustInvokeError,
        BraintrustJsonChunk,
        BraintrustProgressChunk,
        BraintrustStream,
        BraintrustTextChunk,
        parse_stream,
    )
    from spanscore.integrations.langchain import SpanscoreCallbackHandler as SpanscoreCallbackHandler
    from spanscore.integrations.openai_agents import SpanscoreTracingProcessor as SpanscoreTracingProcessor
    from spanscore.prompts import Prompt, RemoteEvalParameters
    from spanscore.scoring import Classification, NamedScoreDict, Score, ScoreDict, scorer
    from spanscore.tracing import (
        NOOP_SPAN,
        Span,
        SpanscorePropagator,
        SpanTypeAttribute,
        current_span,
        start_span,
        traced,
    )
    from spanscore.wire.repo import GitMetadataSettings, RepoInfo
    from spanscore.wire.summaries import (
        ExperimentSummary,
        MetricSummary,
        ScoreSummary,
        SummaryResult,
        SummarySkipped,
        SummarySuccess,
    )

__version__ = "0.1.0"

__all__ = [
    "NOOP_SPAN",
    "NOOP_SPAN_PERMALINK",
    "Attachment",
    "BaseExperiment",
    "BraintrustConsoleChunk",
    "BraintrustErrorChunk",
    "BraintrustInvokeError",
    "BraintrustJsonChunk",
    "BraintrustLogHandler",
    "BraintrustProgressChunk",
    "BraintrustSpanProcessor",
    "BraintrustState",
    "BraintrustStream",
    "BraintrustTextChunk",
    "Classification",
    "DataSummary",
    "Dataset",
    "DatasetSummary",
    "Eval",
    "EvalAsync",
    "EvalCase",
    "EvalHooks",
    "Evaluator",
    "Experiment",
    "ExperimentIdentifier",
    "ExperimentSummary",
    "ExternalAttachment",
    "Flushed",
    "GitMetadataSettings",
    "JSONAttachment",
    "Logger",
    "MetricSummary",
    "NamedScoreDict",
    "Prompt",
    "ReadonlyAttachment",
    "ReadonlyExperiment",
    "RemoteEvalParameters",
    "RepoInfo",
    "Reporter",
    "Score",
    "ScoreDict",
    "ScoreSummary",
    "Span",
    "SpanTypeAttribute",
    "SpanscorePropagator",
    "SpanscoreSpanProcessor",
    "SummaryResult",
    "SummarySkipped",
    "SummarySuccess",
    "TailSampling",
    "TracedThreadPoolExecutor",
    "auto_instrument",
    "current_experiment",
    "current_logger",
    "current_span",
    "default_error_score_handler",
    "extract_trace_context",
    "flush",
    "get_past_n_ancestors",
    "get_repo_info",
    "get_span_parent_object",
    "init",
    "init_dataset",
    "init_experiment",
    "init_function",
    "init_logger",
    "inject_trace_context",
    "instrument",
    "invoke",
    "invoke_async",
    "load_parameters",
    "load_prompt",
    "load_prompt_async",
    "log",
    "log_feedback",
    "login",
    "login_to_state",
    "org_id",
    "parent_context",
    "parse_stream",
    "permalink",
    "scorer",
    "set_http_adapter",
    "set_masking_function",
    "setup",
    "start_span",
    "summarize",
    "traced",
    "uninstrument",
    "update_span",
    "wrap_anthropic",
    "wrap_bedrock",
    "wrap_google_genai",
    "wrap_litellm",
    "wrap_openai",
]

_HOMES = {
    "spanscore.api.login_state": (
        "BraintrustState",
        "login_to_state",
    ),
    "spanscore.functions": (
        "BraintrustConsoleChunk",
        "BraintrustErrorChunk",
        "BraintrustInvokeError",
        "BraintrustJsonChunk",
        "BraintrustProgressChunk",
        "BraintrustStream",
        "BraintrustTextChunk",
        "parse_stream",
    ),
    "spanscore.api.functions": (
        "init_function",
        "invoke",
        "invoke_async",
    ),
    "spanscore.prompts": ("Prompt", "RemoteEvalParameters"),
    "spanscore.api.parameters": ("load_parameters",),
    "spanscore.api.prompts": (
        "load_prompt",
        "load_prompt_async",
    ),
    "spanscore.api.anthropic": ("wrap_anthropic",),
    "spanscore.api.attachments": ("ReadonlyAttachment",),
    "spanscore.api.bedrock": ("wrap_bedrock",),
    "spanscore.api.dataset": ("init_dataset",),
    "spanscore.api.eval": ("Eval", "EvalAsync"),
    "spanscore.api.evaluator": ("Evaluator",),
    "spanscore.api._experiment_rows": ("ExperimentIdentifier",),
    "spanscore.api.experiment": ("Experiment", "current_experiment"),
    "spanscore.api.init": ("init", "init_experiment"),
    "spanscore.api.links": ("NOOP_SPAN_PERMALINK", "permalink"),
    "spanscore.api.log_handler": ("BraintrustLogHandler",),
    "spanscore.api.login": ("login", "org_id", "set_http_adapter"),
    "spanscore.api.module_log": ("get_span_parent_object", "log", "log_feedback", "summarize", "update_span"),
    "spanscore.api.readonly_experiment": ("ReadonlyExperiment",),
    "spanscore.api.threads": ("TracedThreadPoolExecutor",),
    "spanscore._git": ("get_past_n_ancestors", "get_repo_info"),
    "spanscore.api.google_genai": ("wrap_google_genai",),
    "spanscore.api.instrument": ("auto_instrument", "instrument", "uninstrument"),
    "spanscore.api.litellm": ("wrap_litellm",),
    "spanscore.api.logger": ("Logger", "current_logger", "init_logger"),
    "spanscore.api.masking": ("set_masking_function",),
    "spanscore.api.openai": ("wrap_openai",),
    "spanscore.api.propagation": ("extract_trace_context", "inject_trace_context", "parent_context"),
    "spanscore.api.processor": ("BraintrustSpanProcessor", "SpanscoreSpanProcessor"),
    "spanscore.api.reporter": ("Reporter",),
    "spanscore.api.setup": ("flush", "setup"),
    "spanscore.attachments": ("Attachment", "ExternalAttachment", "JSONAttachment"),
    "spanscore.datasets": ("DataSummary", "Dataset", "DatasetSummary"),
    "spanscore.delivery": ("Flushed", "TailSampling"),
    "spanscore.evals": ("BaseExperiment", "EvalCase", "EvalHooks", "default_error_score_handler"),
    # These two are classes of frameworks that may be absent, so they are not among `__all__`.
    "spanscore.integrations.langchain": ("SpanscoreCallbackHandler",),
    "spanscore.integrations.openai_agents": ("SpanscoreTracingProcessor",),
    "spanscore.scoring": ("Classification", "NamedScoreDict", "Score", "ScoreDict", "scorer"),
    "spanscore.tracing": (
        "NOOP_SPAN",
        "Span",
        "SpanscorePropagator",
        "SpanTypeAttribute",
        "current_span",
        "start_span",
        "traced",
    ),
    "spanscore.wire.repo": ("GitMetadataSettings", "RepoInfo"),
    "spanscore.wire.summaries": (
        "ExperimentSummary",
        "MetricSummary",
        "ScoreSummary",
        "SummaryResult",
        "SummarySkipped",
        "SummarySuccess",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted((*globals(), *__all__))
