"""The numbered items of the span conventions, for a run that calls a model, a tool and the model again."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("langchain_openai")

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.runnables import RunnableLambda
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from opentelemetry.sdk.trace import ReadableSpan

from fake_openai import FakeOpenAI, Json, completion, streamed, text_chunks, whole
from span_reading import attribute, told
from span_tree import outline
from spanscore.integrations.langchain import patch
from spanscore.testing import recorded_spans

CALL: Json = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "add", "arguments": '{ "a":2, "b":3}'},
}
METRICS = frozenset(
    {
        *("tokens", "prompt_tokens", "completion_tokens", "time_to_first_token"),
        *("prompt_cached_tokens", "prompt_cache_creation_tokens", "completion_reasoning_tokens"),
        *("prompt_audio_tokens", "completion_audio_tokens"),
    }
)


@tool
def add(a: int, b: int) -> int:
    """Adds."""
    return a + b


class Run:
    """What was recorded of the run, and what the server received for it."""

    def __init__(self, spans: list[ReadableSpan], server: FakeOpenAI) -> None:
        self.outline = outline(spans)
        self.top = spans[-1]
        self.first, self.second = (span for span in spans if span.name == "ChatOpenAI")
        (self.tool,) = (span for span in spans if span.name == "add")
        self.sent = [received.body for received in server.received]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    usage = {
        "prompt_tokens": 5,
        "completion_tokens": 7,
        "total_tokens": 12,
        "prompt_tokens_details": {"cached_tokens": 3},
        "completion_tokens_details": {"reasoning_tokens": 2},
    }
    message = {"role": "assistant", "content": None, "tool_calls": [CALL]}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "tool_calls"}
    calling = whole(completion(choices=[choice], usage=usage))
    undo = patch()
    with FakeOpenAI(calling, streamed(text_chunks("fi", "ve"))) as server, recorded_spans() as recorded:
        key: Any = "k"
        model = ChatOpenAI(
            model="gpt-4o-mini", base_url=server.url, api_key=key, temperature=0.5, stream_usage=True
        )
        with_tools = model.bind_tools([add], tool_choice="any", parallel_tool_calls=False)

        def agent(question: str) -> str:
            asked = [SystemMessage("be"), HumanMessage(question)]
            answer = with_tools.invoke(asked)
            assert isinstance(answer, AIMessage)
            result = add.invoke(answer.tool_calls[0])
            assert isinstance(result, ToolMessage)
            return "".join(str(chunk.content) for chunk in model.stream([*asked, answer, result]))

        assert RunnableLambda(agent).invoke("2+3?") == "five"
        yield Run(recorded.spans, server)
    undo()


def message_of(span: ReadableSpan) -> Any:
    return told(span)["output"][0]["message"]


ITEMS: dict[str, Callable[[Run], Any]] = {
    "9 nothing but what is listed": lambda run: (
        set(told(run.first)["metadata"])
        == {"model", "provider", "temperature", "tools", "tool_choice", "parallel_tool_calls"}
    ),
    "10 one span a call": lambda run: len(run.sent) == 2 and run.outline.count("  ChatOpenAI: llm") == 2,
    "13 the whole conversation": lambda run: (
        [message["role"] for message in told(run.second)["input"]] == ["system", "user", "assistant", "tool"]
    ),
    "16 choices": lambda run: (
        (told(run.first)["output"][0]["index"], told(run.first)["output"][0]["finish_reason"])
        == (0, "tool_calls")
    ),
    # LangChain keeps what it has read of them, not how the model wrote it.
    "17 arguments are JSON text": lambda run: (
        [json.loads(call["function"]["arguments"]) for call in message_of(run.first)["tool_calls"]]
        == [{"a": 2, "b": 3}]
        and {**message_of(run.first)["tool_calls"][0], "function": 0} == {**CALL, "function": 0}
    ),
    "19 the id of the call": lambda run: told(run.second)["input"][3]["tool_call_id"] == "call_1",
    "20 tools where they are offered": lambda run: (
        told(run.first)["metadata"]["tools"] == run.sent[0]["tools"]
        and "add" not in str(told(run.first)["input"])
    ),
    "21 no tools where there are none": lambda run: "tools" not in told(run.second)["metadata"],
    "23 the choice of a tool": lambda run: told(run.first)["metadata"]["tool_choice"] == "required",
    "24 parallel calls": lambda run: told(run.first)["metadata"]["parallel_tool_calls"] is False,
    "27 model and provider": lambda run: (
        (told(run.first)["metadata"]["model"], told(run.first)["metadata"]["provider"])
        == ("gpt-4o-mini-2024-07-18", "openai")
    ),
    "29 tokens": lambda run: {**told(run.first)["metrics"]}.items() >= {"tokens": 12}.items(),
    "30 a task above model calls and tools": lambda run: (
        run.outline == ["agent: task", "  ChatOpenAI: llm", "  add: tool", "  ChatOpenAI: llm"]
        and (told(run.tool)["input"], told(run.tool)["output"]) == ({"a": 2, "b": 3}, "5")
    ),
    "32 a stream is told as what is whole": lambda run: (
        message_of(run.second) == {"role": "assistant", "content": "five"}
    ),
    "33 the first token of a stream": lambda run: (
        told(run.second)["metrics"]["time_to_first_token"] is True
        and "time_to_first_token" not in told(run.first)["metrics"]
    ),
    "34 the usage of a stream": lambda run: told(run.second)["metrics"]["tokens"] == 7,
    "35 thoughts": lambda run: told(run.first)["metrics"]["completion_reasoning_tokens"] == 2,
    "41 the cache": lambda run: told(run.first)["metrics"]["prompt_cached_tokens"] == 3,
    "42 no other metrics": lambda run: {*told(run.first)["metrics"], *told(run.second)["metrics"]} <= METRICS,
    "44 JSON": lambda run: all(
        isinstance(value, str)
        for key, value in (run.first.attributes or {}).items()
        if key.startswith("braintrust.")
    ),
    "51 whole numbers": lambda run: all(
        type(count) is int for count in attribute(run.first, "metrics").values()
    ),
    "52 the sum": lambda run: told(run.first)["metrics"]["tokens"] == 5 + 7,
    "53 canonical names": lambda run: "input_tokens" not in attribute(run.first, "metrics"),
    "55 the sums of a task are no bill": lambda run: (
        attribute(run.top, "span_attributes")["type"] == "task" and told(run.top)["metrics"]["tokens"] == 19
    ),
}


@pytest.mark.parametrize("holds", ITEMS.values(), ids=ITEMS)
def test_item(holds: Callable[[Run], Any], run: Run) -> None:
    assert holds(run)
