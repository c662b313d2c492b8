"""A new public name is a decision: it is written here too."""

import importlib
from importlib.util import find_spec

import pytest

import spanscore

PUBLIC = {
    "spanscore": [
        "NOOP_SPAN",
        "Attachment",
        "BaseExperiment",
        "BraintrustConsoleChunk",
        "BraintrustErrorChunk",
        "BraintrustJsonChunk",
        "BraintrustProgressChunk",
        "BraintrustSpanProcessor",
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
        "ExternalAttachment",
        "Flushed",
        "JSONAttachment",
        "Logger",
        "Prompt",
        "ReadonlyAttachment",
        "Reporter",
        "Score",
        "Span",
        "SpanTypeAttribute",
        "SpanscorePropagator",
        "SpanscoreSpanProcessor",
        "TailSampling",
        "auto_instrument",
        "current_experiment",
        "current_logger",
        "current_span",
        "extract_trace_context",
        "flush",
        "init",
        "init_dataset",
        "init_function",
        "init_logger",
        "inject_trace_context",
        "instrument",
        "invoke",
        "invoke_async",
        "load_prompt",
        "load_prompt_async",
        "parent_context",
        "scorer",
        "set_masking_function",
        "setup",
        "start_span",
        "traced",
        "uninstrument",
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
