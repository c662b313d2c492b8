"""What streams say besides their content: usage wherever it stands, and events with types of litellm's."""

from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_openai import chunk
from litellm_forms import litellm
from spanscore.integrations.litellm._answer import HIDDEN, USAGES
from spanscore.integrations.litellm._stream import EventAccumulator, PartsAccumulator
from spanscore.integrations.openai._chat_stream import ChatAccumulator

USAGE = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}


class Chunk:
    """A chunk as litellm gives and keeps them, as far as it matters for usage."""

    def __init__(self, told: Any = None, /, **hidden: Any) -> None:
        self.usage = told
        self.model = "m"
        self._hidden_params = hidden


def put_together(given: list[Any], *received: list[Any]) -> Any:
    accumulator = PartsAccumulator(ChatAccumulator())
    accumulator.received = list(received)
    for one in given:
        accumulator.add(one)
    return accumulator.response()


USAGES_OF: dict[str, tuple[list[Any], list[list[Any]], list[Any]]] = {
    "in what was received": ([Chunk(), Chunk(1)], [[Chunk(), Chunk(USAGE)]], [USAGE]),
    "in several parts": ([Chunk()], [[Chunk("a"), Chunk()], [Chunk("b")]], ["a", "b"]),
    "in what was given": ([Chunk(USAGE), Chunk()], [[Chunk()]], [USAGE]),
    "hidden": ([Chunk(), Chunk(None, usage=USAGE)], [], [USAGE]),
    "nowhere": ([Chunk()], [[]], [None]),
    "no chunk": ([], [], [None]),
}


@pytest.mark.parametrize("name", USAGES_OF)
def test_usage_is_found_wherever_it_stands(name: str) -> None:
    given, received, usages = USAGES_OF[name]
    assert put_together(given, *received)[USAGES] == usages


def test_the_last_chunk_tells_the_model_and_who_gave_it() -> None:
    last = Chunk(custom_llm_provider="groq")
    last.model = "n"
    got = put_together([Chunk(custom_llm_provider="openai"), last])
    assert (got["model"], got[HIDDEN]) == ("n", {"custom_llm_provider": "groq"})


def test_choices_are_those_of_litellms_chunks() -> None:
    chunks = [
        litellm.ModelResponseStream(**chunk({"role": "assistant", "content": "a"})),
        litellm.ModelResponseStream(**chunk({"content": "b"}, finish_reason="stop")),
    ]
    (choice,) = put_together(chunks)["choices"]
    assert (choice["message"]["content"], choice["finish_reason"]) == ("ab", "stop")


class Kind(str, Enum):
    DELTA = "response.output_text.delta"
    COMPLETED = "response.completed"


class Event:
    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)
        self.__pydantic_extra__ = None


@pytest.mark.parametrize("kind", [Kind, lambda text: text])
def test_events_of_the_responses_api_are_put_together(kind: Any) -> None:
    accumulator = EventAccumulator()
    for part in ("a", "b"):
        accumulator.add(
            Event(type=kind("response.output_text.delta"), output_index=0, content_index=0, delta=part)
        )
    (item,) = accumulator.response()["output"]
    assert item["content"] == [{"type": "output_text", "text": "ab"}]
    response = Event(model="m", output=[{"type": "message"}], _hidden_params={"custom_llm_provider": "groq"})
    accumulator.add(Event(type=kind("response.completed"), response=response))
    told = accumulator.response()
    assert (told["model"], told["output"], told[HIDDEN]) == (
        "m",
        [{"type": "message"}],
        {"custom_llm_provider": "groq"},
    )


VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["choices", "delta", "type", "usage", "response"]), inner)
    ),
    max_leaves=5,
)


@given(st.lists(VALUES, max_size=4))
def test_hostile_chunks_can_be_put_together(chunks: list[Any]) -> None:
    put_together(chunks, chunks)
    accumulator = EventAccumulator()
    for one in chunks:
        accumulator.add(one)
    accumulator.response()
