"""A new public name is a decision: it is written here too."""

import importlib
from importlib.util import find_spec

import pytest

import spanscore

PUBLIC = {
    "spanscore": [
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
    ],
    "spanscore.pytest_plugin": ["score"],
    "spanscore.scorers": [
        "CostLimit",
        "ExactMatch",
        "JSONDiff",
        "LatencyLimit",
        "NoError",
        "NumericCloseness",
        "TokenLimit",
        "ToolCalls",
        "ValidJSON",
    ],
    "spanscore.testing": ["CountingIds", "RecordedRecords", "recorded_spans"],
}


@pytest.mark.parametrize("module", PUBLIC)
def test_public_names(module: str) -> None:
    assert importlib.import_module(module).__all__ == PUBLIC[module]


@pytest.mark.parametrize("name", PUBLIC["spanscore"])
def test_public_name_is_there_and_documented(name: str) -> None:
    assert getattr(spanscore, name).__doc__
    assert name in dir(spanscore)


@pytest.mark.parametrize(
    ("framework", "name"),
    [("langchain_core", "SpanscoreCallbackHandler"), ("agents", "SpanscoreTracingProcessor")],
)
def test_a_name_that_needs_a_framework_is_there_with_the_framework(framework: str, name: str) -> None:
    assert name not in spanscore.__all__
    if find_spec(framework):
        assert getattr(spanscore, name).__doc__
    else:
        with pytest.raises(ModuleNotFoundError, match=framework):
            getattr(spanscore, name)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'spanscore' has no attribute 'Evla'"):
        getattr(spanscore, "Evla")  # noqa: B009
