"""OpenTelemetry's attributes and events for generative AI."""

import pytest
from opentelemetry.sdk.trace import Event

from attribute_table import Mapped, check

pytestmark = pytest.mark.core

MESSAGES = [{"role": "user", "content": "hi"}]
MESSAGES_JSON = '[{"role":"user","content":"hi"}]'

TABLE = [
    Mapped("input messages", {"gen_ai.input.messages": MESSAGES_JSON}, {"input": MESSAGES}),
    Mapped("output messages", {"gen_ai.output.messages": MESSAGES_JSON}, {"output": MESSAGES}),
    Mapped("prompt", {"gen_ai.prompt": "hi"}, {"input": "hi"}),
    Mapped("prompt as JSON", {"gen_ai.prompt_json": MESSAGES_JSON}, {"input": MESSAGES}),
    Mapped(
        "prompt flattened",
        {"gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": "hi"},
        {"input": MESSAGES},
    ),
    Mapped("completion", {"gen_ai.completion": "ho"}, {"output": "ho"}),
    Mapped("completion as JSON", {"gen_ai.completion_json": '{"a":1}'}, {"output": {"a": 1}}),
    Mapped("completion flattened", {"gen_ai.completion.0.content": "ho"}, {"output": [{"content": "ho"}]}),
    Mapped(
        "braintrust's input wins over messages, which are kept",
        {"braintrust.input_json": "1", "gen_ai.prompt": "hi"},
        {"input": 1, "metadata": {"gen_ai.prompt": "hi"}},
    ),
    Mapped(
        "request",
        {"gen_ai.request.model": "openai/gpt-4o", "gen_ai.request.temperature": 0.5},
        {"metadata": {"model": "gpt-4o", "temperature": 0.5}},
    ),
    Mapped(
        "the model of an organisation, no provider",
        {"gen_ai.request.model": "meta-llama/Llama-3"},
        {"metadata": {"model": "meta-llama/Llama-3"}},
    ),
    Mapped("chat", {"gen_ai.operation.name": "chat"}, {}, type="llm"),
    Mapped("tool run", {"gen_ai.operation.name": "execute_tool"}, {}, type="tool"),
    Mapped(
        "another operation",
        {"gen_ai.operation.name": "dance"},
        {"metadata": {"gen_ai.operation.name": "dance"}},
    ),
    Mapped(
        "the type that was said wins",
        {"gen_ai.operation.name": "chat", "braintrust.span_attributes": '{"type":"function"}'},
        {},
        type="function",
    ),
    Mapped(
        "tool name",
        {"gen_ai.tool.name": "search"},
        {"metadata": {"tools": [{"type": "function", "function": {"name": "search"}}]}},
        type="tool",
    ),
    Mapped("agent tools", {"gen_ai.agent.tools": '[{"name":"t"}]'}, {"metadata": {"tools": [{"name": "t"}]}}),
    Mapped(
        "usage",
        {"gen_ai.usage.input_tokens": 5, "gen_ai.usage.output_tokens": 2},
        {"metrics": {"prompt_tokens": 5, "completion_tokens": 2, "tokens": 7}},
    ),
    Mapped(
        "usage in old names",
        {
            "gen_ai.usage.prompt_tokens": 5,
            "gen_ai.usage.completion_tokens": 2,
            "gen_ai.usage.total_tokens": 9,
        },
        {"metrics": {"prompt_tokens": 5, "completion_tokens": 2, "tokens": 9}},
    ),
    Mapped("half a usage", {"gen_ai.usage.input_tokens": 5}, {"metrics": {"prompt_tokens": 5}}),
    Mapped(
        "usage of the cache, and one that nobody knows",
        {"gen_ai.usage.cache_read.input_tokens": 4, "gen_ai.usage.sparks": 1, "gen_ai.usage.cost": "free"},
        {
            "metrics": {"prompt_cached_tokens": 4, "sparks": 1},
            "metadata": {"gen_ai.usage.cost": "free"},
        },
    ),
    Mapped(
        "metrics that were said win",
        {"gen_ai.usage.input_tokens": 5, "braintrust.metrics": '{"prompt_tokens":6}'},
        {"metrics": {"prompt_tokens": 6}},
    ),
    Mapped(
        "messages in events win over attributes",
        {"gen_ai.prompt": "no", "gen_ai.completion": "no"},
        {
            "input": [{"role": "system", "content": "be"}, {"role": "user", "content": "hi"}],
            "output": [{"index": 0, "finish_reason": "stop", "message": {"content": "ho"}}],
            "metadata": {"gen_ai.prompt": "no", "gen_ai.completion": "no"},
        },
        events=[
            Event("gen_ai.system.message", {"content": "be", "gen_ai.system": "openai"}),
            Event("gen_ai.user.message", {"content": "hi"}),
            Event("gen_ai.choice", {"index": 0, "finish_reason": "stop", "message": '{"content":"ho"}'}),
        ],
    ),
    Mapped(
        "answers and tools in events",
        {},
        {
            "input": [{"role": "tool", "id": "c1", "content": "[1]"}],
            "output": [{"role": "assistant", "content": "ho"}],
        },
        events=[
            Event("gen_ai.tool.message", {"id": "c1", "content": "[1]"}),
            Event("gen_ai.assistant.message", {"content": "ho"}),
        ],
    ),
]


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.name)
def test_attribute_table(line: Mapped) -> None:
    check(line)
