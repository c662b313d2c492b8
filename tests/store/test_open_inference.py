"""OpenInference's attributes become the same fields as OpenTelemetry's."""

from typing import Any

import pytest

from attribute_table import Mapped, check

pytestmark = pytest.mark.core

LLM = {"openinference.span.kind": "LLM"}

TABLE = [
    Mapped(
        "a chat",
        {
            **LLM,
            "input.value": "said again",
            "input.mime_type": "application/json",
            "llm.input_messages.0.message.role": "user",
            "llm.input_messages.0.message.content": "2+3?",
            "llm.input_messages.1.message.role": "assistant",
            "llm.input_messages.1.message.tool_calls.0.tool_call.id": "c1",
            "llm.input_messages.1.message.tool_calls.0.tool_call.function.name": "add",
            "llm.input_messages.1.message.tool_calls.0.tool_call.function.arguments": '{"a": 2}',
            "llm.input_messages.2.message.role": "tool",
            "llm.input_messages.2.message.content": "5",
            "llm.input_messages.2.message.tool_call_id": "c1",
            "output.value": "said again",
            "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.content": "five",
            "llm.finish_reason": "stop",
            "llm.model_name": "gpt-4o-mini",
            "llm.system": "openai",
            "llm.invocation_parameters": '{"model": "gpt-4o", "temperature": 0.5, "seed": 7}',
            "llm.tools.0.tool.json_schema": '{"type": "function", "function": {"name": "add"}}',
            "llm.token_count.prompt": 5,
            "llm.token_count.completion": 7,
            "llm.token_count.total": 12,
            "llm.token_count.prompt_details.cache_read": 3,
            "llm.token_count.completion_details.reasoning": 2,
            "llm.cost.total": 0.01,
            "metadata": '{"user": "u-17"}',
        },
        {
            "input": [
                {"role": "user", "content": "2+3?"},
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [
                        {"id": "c1", "type": "function", "function": {"name": "add", "arguments": '{"a": 2}'}}
                    ],
                },
                {"role": "tool", "content": "5", "tool_call_id": "c1"},
            ],
            "output": [
                {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "five"}}
            ],
            "metadata": {
                "model": "gpt-4o-mini",
                "provider": "openai",
                "temperature": 0.5,
                "tools": [{"type": "function", "function": {"name": "add"}}],
                "user": "u-17",
            },
            "metrics": {
                "prompt_tokens": 5,
                "completion_tokens": 7,
                "tokens": 12,
                "prompt_cached_tokens": 3,
                "completion_reasoning_tokens": 2,
                "estimated_cost": 0.01,
            },
        },
        type="llm",
    ),
    Mapped(
        "an image",
        {
            **LLM,
            "llm.input_messages.0.message.role": "user",
            "llm.input_messages.0.message.contents.0.message_content.type": "text",
            "llm.input_messages.0.message.contents.0.message_content.text": "what?",
            "llm.input_messages.0.message.contents.1.message_content.type": "image",
            "llm.input_messages.0.message.contents.1.message_content.image.image.url": "https://example.com/a",
        },
        {
            "input": [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "what?"},
                        {"type": "image_url", "image_url": {"url": "https://example.com/a"}},
                    ],
                }
            ]
        },
        type="llm",
    ),
    Mapped(
        "a tool",
        {
            "openinference.span.kind": "TOOL",
            "tool.name": "add",
            "input.value": '{"a": 2}',
            "input.mime_type": "application/json",
            "output.value": "5",
            "output.mime_type": "text/plain",
        },
        {"input": {"a": 2}, "output": "5", "metadata": {"tool.name": "add"}},
        type="tool",
    ),
    Mapped(
        "a retriever",
        {
            "openinference.span.kind": "RETRIEVER",
            "input.value": "spans",
            "retrieval.documents.0.document.content": "a span",
            "retrieval.documents.0.document.score": 0.5,
        },
        {"input": "spans", "output": [{"content": "a span", "score": 0.5}]},
        type="function",
    ),
    Mapped("a chain", {"openinference.span.kind": "CHAIN", "input.value": "hi"}, {"input": "hi"}),
    Mapped("an agent", {"openinference.span.kind": "AGENT", "output.value": "ho"}, {"output": "ho"}),
    Mapped(
        "a kind that came later",
        {"openinference.span.kind": "DANCE", "input.value": "hi"},
        {"input": "hi", "metadata": {"openinference.span.kind": "DANCE"}},
    ),
    Mapped(
        "others' attributes of the same names",
        {"input.value": "hi", "llm.model_name": "m", "metadata": '{"a": 1}'},
        {"metadata": {"input.value": "hi", "llm.model_name": "m", "metadata": '{"a": 1}'}},
    ),
    Mapped(
        "what is of another shape",
        {**LLM, "llm.token_count.prompt": "five", "llm.invocation_parameters": "[", "metadata": "x"},
        {"metadata": {"llm.token_count.prompt": "five", "metadata": "x"}},
        type="llm",
    ),
]


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.name)
def test_attribute_table(line: Mapped) -> None:
    check(line)


@pytest.mark.parametrize("value", [7, "x", [1], ["a"], True])
@pytest.mark.parametrize(
    "key",
    [
        "llm.input_messages.0.message",
        "llm.input_messages.0.message.contents",
        "llm.input_messages.0.message.tool_calls.0",
        "llm.output_messages.x",
        "llm.tools.0.tool",
        "retrieval.documents.0",
        "openinference.span.kind",
        "input.value",
        "llm.system",
    ],
)
def test_no_value_is_too_strange(key: str, value: Any) -> None:
    from finished_spans import finished
    from spanscore.store import ingest

    row = ingest(finished({**LLM, key: value}))
    assert row.as_dict()["id"]
