from typing import Any

import pytest

from spanscore.evals._thread import thread_of
from trace_rows import row

pytestmark = pytest.mark.core

SYSTEM = {"role": "system", "content": "Be brief."}
HI = {"role": "user", "content": "hi"}
HELLO = {"role": "assistant", "content": "hello"}
BYE = {"role": "user", "content": "bye"}
GONE = {"role": "assistant", "content": "gone"}
CALL = {
    "type": "tool_call",
    "tool_call_id": "c1",
    "tool_name": "weather",
    "arguments": {"type": "valid", "value": {"city": "Rome"}},
}
RESULT = {"type": "tool_result", "tool_call_id": "c1", "tool_name": "weather", "output": "sunny"}
TOOLS = [HI, {"role": "assistant", "content": [CALL]}, {"role": "tool", "content": [RESULT]}, GONE]


def choice(text: str, **more: Any) -> list[Any]:
    return [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text, **more}}]


def called(*pairs: tuple[Any, Any]) -> list[Any]:
    return thread_of(
        [row("chat", "llm", number=n, input=given, output=got) for n, (given, got) in enumerate(pairs, 1)]
    )


OPENAI_CALL = {
    "id": "c1",
    "type": "function",
    "function": {"name": "weather", "arguments": '{"city": "Rome"}'},
}
ANTHROPIC_CALL = {"type": "tool_use", "id": "c1", "name": "weather", "input": {"city": "Rome"}}
RESPONSES_CALL = {
    "type": "function_call",
    "call_id": "c1",
    "name": "weather",
    "arguments": '{"city": "Rome"}',
}

SHAPES: dict[str, tuple[list[tuple[Any, Any]], list[Any]]] = {
    "one chat": ([([SYSTEM, HI], choice("hello"))], [SYSTEM, HI, HELLO]),
    "history that is repeated": (
        [([SYSTEM, HI], choice("hello")), ([SYSTEM, HI, HELLO, BYE], choice("gone"))],
        [SYSTEM, HI, HELLO, BYE, GONE],
    ),
    "a question asked twice in one chat": (
        [([HI], choice("hello")), ([HI, HELLO, HI], choice("hello"))],
        [HI, HELLO, HI, HELLO],
    ),
    "a question asked in two chats": ([([HI], choice("hello")), ([HI], choice("gone"))], [HI, HELLO, GONE]),
    "texts": ([("hi", "hello")], [HI, HELLO]),
    "text in parts": (
        [([{"role": "user", "content": [{"type": "text", "text": "hi"}]}], "hello")],
        [HI, HELLO],
    ),
    "arguments of a traced function": (
        [({"question": "hi"}, {"answer": 4})],
        [
            {"role": "user", "content": '{"question":"hi"}'},
            {"role": "assistant", "content": '{"answer":4}'},
        ],
    ),
    "messages of a traced function": ([({"messages": [HI]}, "hello")], [HI, HELLO]),
    "no output": ([([HI], None)], [HI]),
    "nothing": ([(None, None)], []),
    "tools of OpenAI's chats": (
        [
            ([HI], choice("", tool_calls=[OPENAI_CALL], content=None)),
            (
                [
                    HI,
                    {"role": "assistant", "content": None, "tool_calls": [OPENAI_CALL]},
                    {"role": "tool", "tool_call_id": "c1", "content": "sunny"},
                ],
                choice("gone"),
            ),
        ],
        TOOLS,
    ),
    "tools of the Responses API": (
        [
            ("hi", [RESPONSES_CALL]),
            (
                [HI, RESPONSES_CALL, {"type": "function_call_output", "call_id": "c1", "output": "sunny"}],
                [
                    {
                        "type": "message",
                        "role": "assistant",
                        "content": [{"type": "output_text", "text": "gone"}],
                    }
                ],
            ),
        ],
        TOOLS,
    ),
    "tools of Anthropic": (
        [
            ([HI], {"role": "assistant", "content": [ANTHROPIC_CALL]}),
            (
                [
                    HI,
                    {"role": "assistant", "content": [ANTHROPIC_CALL]},
                    {
                        "role": "user",
                        "content": [{"type": "tool_result", "tool_use_id": "c1", "content": "sunny"}],
                    },
                ],
                {"role": "assistant", "content": [{"type": "text", "text": "gone"}]},
            ),
        ],
        TOOLS,
    ),
    "Google's contents": (
        [
            (
                {
                    "contents": [{"role": "user", "parts": [{"text": "hi"}]}],
                    "systemInstruction": {"parts": [{"text": "Be brief."}]},
                },
                {"candidates": [{"content": {"role": "model", "parts": [{"text": "hello"}]}}]},
            )
        ],
        [SYSTEM, HI, HELLO],
    ),
    "embeddings and moderations": (
        [("hi", {"embedding_length": 3, "embedding_count": 1}), ("hi", [{"flagged": False}])],
        [],
    ),
    "thoughts": (
        [([HI], {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm"}]})],
        [HI, {"role": "assistant", "content": [{"type": "reasoning", "text": "hm"}]}],
    ),
    "arguments that are no JSON": (
        [([HI], [{**RESPONSES_CALL, "arguments": '{"city'}])],
        [
            HI,
            {
                "role": "assistant",
                "content": [{**CALL, "arguments": {"type": "invalid", "value": '{"city'}}],
            },
        ],
    ),
}


@pytest.mark.parametrize(("pairs", "messages"), SHAPES.values(), ids=SHAPES.keys())
def test_shapes(pairs: list[tuple[Any, Any]], messages: list[Any]) -> None:
    assert called(*pairs) == messages


def test_only_calls_of_models_speak_and_a_call_below_a_call_is_the_same() -> None:
    rows = [
        row("agent", "task", number=1, input="never", output="never"),
        row("chain", "llm", number=2, above=1, input="hi", output="hello"),
        row("retry", "function", number=3, above=2),
        row("chat", "llm", number=4, above=3, input="hi", output="hello"),
        row("weather", "tool", number=5, above=1, input="never", output="never"),
    ]
    assert thread_of(rows) == [HI, HELLO]


def test_autoevals_reads_it() -> None:
    threads = pytest.importorskip("autoevals.thread_utils")
    told = threads.compute_thread_template_vars(called(*SHAPES["tools of Anthropic"][0]))
    assert str(told["thread"]) == (
        'User:\n  hi\n\nTool (weather):\n  Args:\n    {"city": "Rome"}\n  Result:\n    sunny'
        "\n\nAssistant:\n  gone"
    )
