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


PARTS = '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]'
ANSWER = (
    '[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"add","arguments":{"a":2}}],'
    '"finish_reason":"tool_call"}]'
)
CALL = {"id": "c1", "type": "function", "function": {"name": "add", "arguments": '{"a":2}'}}
ASKED = {"role": "assistant", "parts": [{"type": "text", "content": "ho"}]}
TOOL = {"type": "function", "function": {"name": "add", "parameters": {}}}

TODAY = [
    Mapped(
        "messages of parts are told as a chat",
        {
            "gen_ai.system_instructions": '[{"type":"text","content":"be"}]',
            "gen_ai.input.messages": PARTS,
            "gen_ai.output.messages": ANSWER,
        },
        {
            "input": [{"role": "system", "content": "be"}, *MESSAGES],
            "output": [
                {
                    "index": 0,
                    "finish_reason": "tool_calls",
                    "message": {"role": "assistant", "content": None, "tool_calls": [CALL]},
                }
            ],
        },
    ),
    Mapped(
        "messages that are no text, as OTLP can carry them",
        {"gen_ai.input.messages": [{"role": "user", "parts": [{"type": "text", "content": "hi"}]}]},
        {"input": MESSAGES},
    ),
    Mapped(
        "instructions alone",
        {"gen_ai.system_instructions": "be"},
        {"input": [{"role": "system", "content": "be"}]},
    ),
    Mapped(
        "instructions beside a prompt that is no list are not told twice",
        {"gen_ai.system_instructions": "be", "gen_ai.prompt": "hi"},
        {"input": "hi"},
    ),
    Mapped(
        "what braintrust's attributes say is not said again",
        {
            "braintrust.input_json": "1",
            "braintrust.output_json": "2",
            "gen_ai.input.messages": PARTS,
            "gen_ai.output.messages": ANSWER,
            "gen_ai.system_instructions": "be",
        },
        {"input": 1, "output": 2},
    ),
    Mapped(
        "definitions of tools",
        {
            "gen_ai.tool.definitions": '[{"type":"function","name":"add","parameters":{},"description":null},'
            '{"type":"web_search"}]'
        },
        {"metadata": {"tools": [TOOL, {"type": "web_search"}]}},
    ),
    Mapped(
        "definitions in OpenAI's shape",
        {"gen_ai.tool.definitions": '[{"type":"function","function":{"name":"add","parameters":{}}}]'},
        {"metadata": {"tools": [TOOL]}},
    ),
    Mapped(
        "a tool that runs",
        {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": "add",
            "gen_ai.tool.call.arguments": '{"a":2}',
            "gen_ai.tool.call.result": "5",
        },
        {
            "input": {"a": 2},
            "output": "5",
            "metadata": {"tools": [{"type": "function", "function": {"name": "add"}}]},
        },
        type="tool",
    ),
    Mapped(
        "an agent",
        {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "adder"},
        {"metadata": {"gen_ai.agent.name": "adder"}},
        type="task",
    ),
    Mapped(
        "an agent of Pydantic AI's is asked what comes before its first new answer",
        {
            "gen_ai.operation.name": "invoke_agent",
            "pydantic_ai.all_messages": [
                {"role": "user", "parts": [{"type": "text", "content": "old"}]},
                ASKED,
                {"role": "user", "parts": [{"type": "text", "content": "new"}]},
                ASKED,
            ],
            "pydantic_ai.new_message_index": 2,
            "final_result": "ho",
            "gen_ai.aggregated_usage.input_tokens": 5,
            "gen_ai.aggregated_usage.output_tokens": 2,
            "gen_ai.aggregated_usage.details.reasoning_tokens": 1,
        },
        {
            "input": [
                {"role": "user", "content": "old"},
                {"role": "assistant", "content": "ho"},
                {"role": "user", "content": "new"},
            ],
            "output": "ho",
            "metrics": {
                "prompt_tokens": 5,
                "completion_tokens": 2,
                "completion_reasoning_tokens": 1,
                "tokens": 7,
            },
        },
        type="task",
    ),
    Mapped(
        "a retrieval",
        {
            "gen_ai.operation.name": "retrieval",
            "gen_ai.retrieval.query.text": "spans",
            "gen_ai.retrieval.documents": '[{"id":"d1"}]',
        },
        {"input": "spans", "output": [{"id": "d1"}]},
        type="function",
    ),
    Mapped(
        "a workflow of OpenLLMetry's",
        {
            "traceloop.span.kind": "workflow",
            "traceloop.entity.input": '{"a":1}',
            "traceloop.entity.output": "2",
        },
        {"input": {"a": 1}, "output": "2", "metadata": {"traceloop.span.kind": "workflow"}},
        type="task",
    ),
    Mapped(
        "the model that answered, and whoever bills",
        {
            "gen_ai.request.model": "gpt-4o",
            "gen_ai.response.model": "gpt-4o-2024",
            "gen_ai.provider.name": "azure.ai.openai",
            "gen_ai.system": "openai",
            "gen_ai.request.stop_sequences": ["."],
        },
        {"metadata": {"model": "gpt-4o-2024", "provider": "azure", "stop": ["."]}},
    ),
    Mapped("a system of old", {"gen_ai.system": "x_ai"}, {"metadata": {"provider": "xai"}}),
    Mapped(
        "what the program says of the model goes before it",
        {"gen_ai.response.model": "m-1", "braintrust.metadata": '{"model":"m","provider":"p"}'},
        {"metadata": {"model": "m", "provider": "p"}},
    ),
    Mapped(
        "details of the usage",
        {
            "gen_ai.usage.input_tokens": 9,
            "gen_ai.usage.output_tokens": 4,
            "gen_ai.usage.cache_read.input_tokens": 3,
            "gen_ai.usage.details.cache_read_tokens": 3,
            "gen_ai.usage.cache_creation.input_tokens": 2,
            "gen_ai.usage.reasoning.output_tokens": 1,
        },
        {
            "metrics": {
                "prompt_tokens": 9,
                "completion_tokens": 4,
                "prompt_cached_tokens": 3,
                "prompt_cache_creation_tokens": 2,
                "completion_reasoning_tokens": 1,
                "tokens": 13,
            }
        },
    ),
    Mapped(
        "the usage as the provider has told it",
        {
            "gen_ai.usage.input_tokens": 5,
            "gen_ai.usage.raw": '{"prompt_tokens":6,"prompt_tokens_details":{"cached_tokens":3}}',
        },
        {"metrics": {"prompt_tokens": 5, "prompt_cached_tokens": 3}},
    ),
    Mapped(
        "the first chunk and the price",
        {"gen_ai.response.time_to_first_chunk": 0.5, "operation.cost": 0.01},
        {"metrics": {"time_to_first_token": 0.5, "estimated_cost": 0.01}},
    ),
    Mapped(
        "what is no number stays",
        {"gen_ai.response.time_to_first_chunk": "soon", "operation.cost": True, "gen_ai.usage.raw": "?"},
        {"metadata": {"gen_ai.response.time_to_first_chunk": "soon", "operation.cost": True}},
    ),
]


@pytest.mark.parametrize("line", TODAY, ids=lambda line: line.name)
def test_todays_conventions(line: Mapped) -> None:
    check(line)
