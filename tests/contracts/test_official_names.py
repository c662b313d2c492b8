"""The official SDK's names: each is here with its calling convention, or it is said why not.

The tables are those of Braintrust's Python SDK 0.47: what its documentation, quick starts and users' programs
use, and what is useful besides. What is internal to it is not among them.
"""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

import spanscore

CALLS: dict[str, str] = {
    "Attachment": "data filename content_type",
    "BaseExperiment": "name",
    "BraintrustConsoleChunk": "message stream type",
    "BraintrustErrorChunk": "data type",
    "BraintrustJsonChunk": "data type",
    "BraintrustLogHandler": "logger level",
    "BraintrustProgressChunk": "data id object_type format output_type name event type",
    "BraintrustTextChunk": "data type",
    "Classification": "id name label metadata",
    "DataSummary": "new_records total_records",
    "DatasetSummary": "project_name dataset_name project_url dataset_url data_summary",
    "Eval": (
        "name data task scores classifiers experiment_name trial_count metadata tags is_public update "
        "reporter timeout max_concurrency project_id base_experiment_name base_experiment_id "
        "git_metadata_settings repo_info error_score_handler description summarize_scores no_send_logs "
        "parameters on_start stream parent state enable_cache cancel_event"
    ),
    "EvalCase": "input expected metadata tags trial_count id _xact_id created origin upsert_id",
    "ExternalAttachment": "url filename content_type",
    "GitMetadataSettings": "collect fields",
    "JSONAttachment": "data filename pretty",
    "ReadonlyAttachment": "reference",
    "RepoInfo": ("commit branch tag dirty author_name author_email commit_message commit_time git_diff"),
    "Reporter": "name report_eval report_run",
    "Score": "name score metadata",
    "TracedThreadPoolExecutor": "max_workers thread_name_prefix initializer initargs",
    "current_experiment": "",
    "current_logger": "",
    "current_span": "",
    "extract_trace_context": "headers",
    "flush": "",
    "get_past_n_ancestors": "n remote",
    "get_repo_info": "settings",
    "init": (
        "project experiment description dataset parameters open base_experiment is_public app_url api_key "
        "org_name metadata tags git_metadata_settings set_current update project_id base_experiment_id "
        "repo_info state"
    ),
    "init_dataset": (
        "project name description version app_url api_key org_name project_id metadata use_output "
        "_internal_btql state environment dataset_id"
    ),
    "init_function": "project_name slug version",
    "init_logger": (
        "project project_id async_flush app_url api_key org_name force_login set_current state environment"
    ),
    "inject_trace_context": "carrier span",
    "invoke": (
        "function_id version prompt_session_id prompt_session_function_id project_name project_id slug "
        "global_function function_type input messages metadata tags parent stream mode strict overrides "
        "org_name api_key app_url force_login"
    ),
    "load_parameters": ("project slug version project_id id environment app_url api_key org_name"),
    "load_prompt": (
        "project slug version project_id id defaults no_trace environment app_url api_key org_name"
    ),
    "login": "app_url api_key org_name force_login",
    "login_to_state": "app_url api_key org_name",
    "org_id": "",
    "parent_context": "parent state",
    "permalink": "slug org_name app_url",
    "set_http_adapter": "adapter",
    "set_masking_function": "masking_function",
    "start_span": ("name type span_attributes start_time set_current parent propagated_event state internal"),
    "summarize": "summarize_scores comparison_experiment_id",
    "wrap_anthropic": "client",
    "wrap_litellm": "litellm",
    "wrap_openai": "client",
}
"""Parameters by name, in the official order."""

METHODS: dict[str, dict[str, str]] = {
    "Dataset": {
        "close": "",
        "delete": "id",
        "fetch": "batch_size",
        "flush": "",
        "insert": "input expected tags metadata id output",
        "summarize": "summarize_data",
        "update": "id input expected tags metadata",
    },
    "Experiment": {
        "close": "",
        "export": "",
        "fetch": "batch_size",
        "fetch_base_experiment": "",
        "flush": "",
        "log": (
            "input output expected error tags scores metadata metrics id dataset_record_id "
            "allow_concurrent_with_spans"
        ),
        "log_feedback": "id scores expected tags comment metadata source",
        "start_span": "name type span_attributes start_time set_current parent propagated_event",
        "summarize": "summarize_scores comparison_experiment_id",
        "update_span": "id",
    },
    "Logger": {
        "debug": "body metadata",
        "emit_log": "body level metadata",
        "error": "body metadata",
        "export": "",
        "fatal": "body metadata",
        "flush": "",
        "info": "body metadata",
        "log": "input output expected error tags scores metadata metrics id allow_concurrent_with_spans",
        "log_feedback": "id scores expected tags comment metadata source",
        "start_span": (
            "name type span_attributes start_time set_current parent propagated_event span_id root_span_id"
        ),
        "trace": "body metadata",
        "update_span": "id",
        "warn": "body metadata",
    },
    "Prompt": {"build": "", "from_prompt_data": "name prompt_data"},
    "ReadonlyExperiment": {"as_dataset": "batch_size", "fetch": "batch_size"},
    "Span": {
        "close": "end_time",
        "end": "end_time",
        "export": "",
        "flush": "",
        "inject": "carrier",
        "link": "",
        "log": "",
        "log_feedback": "",
        "permalink": "",
        "set_attributes": "name type span_attributes",
        "set_current": "",
        "start_span": "name type span_attributes start_time set_current parent",
        "unset_current": "",
    },
}

PRESENT = (
    "BraintrustInvokeError",
    "BraintrustState",
    "BraintrustStream",
    "Dataset",
    "EvalAsync",
    "EvalHooks",
    "Evaluator",
    "Experiment",
    "ExperimentSummary",
    "Logger",
    "MetricSummary",
    "NOOP_SPAN",
    "NOOP_SPAN_PERMALINK",
    "NamedScoreDict",
    "Prompt",
    "ReadonlyExperiment",
    "ScoreDict",
    "ScoreSummary",
    "SummaryResult",
    "SummarySkipped",
    "SummarySuccess",
    "Span",
    "SpanTypeAttribute",
    "default_error_score_handler",
    "auto_instrument",
    "init_experiment",
    "invoke_async",
    "load_prompt_async",
    "log",
    "parse_stream",
    "traced",
    "update_span",
)
"""Names whose parameters are tested elsewhere, or that have none to compare."""

ABSENT = {
    "DatasetRef": "a type of dictionaries; {'id': …} is taken where a dataset is",
    "SpanComponentsV3": "the inner form of an exported span; Span.export() and parent= write and read it",
    "SpanComponentsV4": "the inner form of an exported span; Span.export() and parent= write and read it",
    "SpanCustomizer": "an OpenTelemetry span processor does this",
    "SpanObjectTypeV3": "the inner form of an exported span; Span.export() and parent= write and read it",
    "projects": "definitions that are pushed to a server are not there yet",
    "set_span_customizers": "an OpenTelemetry span processor does this",
    "setup_pydantic_ai": "its own OpenTelemetry spans are recorded; see docs/frameworks.md",
    "span_components_to_object_id": "the inner form of an exported span",
    "user_info": "who the key belongs to is not asked for",
    "wrap_instructor": "the client below it is wrapped",
    "wrap_openrouter": "wrap_openai, with the provider's base_url",
}
"""What is not here, and why."""

NOT_TAKEN = {
    "Eval": {"enable_cache": "the spans of a case are kept in memory while its scorers run"},
    "get_past_n_ancestors": {"remote": "what branches are compared with is found out"},
    "start_span": {"internal": "is of no use outside the SDK"},
}
"""Official parameters that are left out, and why."""


def parameters(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    found = dict(inspect.signature(function).parameters)
    found.pop("self", None)
    return found


def in_order(wanted: list[str], found: dict[str, inspect.Parameter]) -> bool:
    """True if what can be given by position is in the official order."""
    positional = [
        name
        for name, each in found.items()
        if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
    ]
    return positional[: len(wanted)] == wanted[: len(positional)]


def check(name: str, function: Callable[..., Any], official: str) -> None:
    left_out = NOT_TAKEN.get(name, {})
    wanted = [each for each in official.split() if each not in left_out]
    found = parameters(function)
    takes_more = any(each.kind is each.VAR_KEYWORD for each in found.values())
    missing = [each for each in wanted if each not in found]
    assert missing == [] or (takes_more and set(missing) <= LOOSE.get(name, set()))
    assert in_order(wanted, found)


LOOSE: dict[str, set[str]] = {}
"""Parameters that are taken through `**fields`."""


@pytest.mark.parametrize("name", CALLS)
def test_it_is_called_as_the_official_one(name: str) -> None:
    check(name, getattr(spanscore, name), CALLS[name])


@pytest.mark.parametrize(
    ("kind", "method"), [(kind, method) for kind, methods in METHODS.items() for method in methods]
)
def test_its_method_is_called_as_the_official_one(kind: str, method: str) -> None:
    check(f"{kind}.{method}", getattr(getattr(spanscore, kind), method), METHODS[kind][method])


@pytest.mark.parametrize("name", [*CALLS, *METHODS, *PRESENT])
def test_it_is_there(name: str) -> None:
    assert name in spanscore.__all__ or hasattr(spanscore, name)


@pytest.mark.parametrize("name", ABSENT)
def test_what_is_said_to_be_absent_is(name: str) -> None:
    assert not hasattr(spanscore, name)


def test_the_async_forms_take_what_the_others_take() -> None:
    assert [*parameters(spanscore.EvalAsync)] == [*parameters(spanscore.Eval)]
