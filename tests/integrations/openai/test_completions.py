"""A completion of a prompt is told by prompt and choices, in every call form, whole and streamed."""

from typing import Any

import openai
import pytest

from fake_openai import FakeOpenAI, failure, streamed, whole
from openai_forms import client_of
from openai_operations import STREAMED, WHOLE, Form, Operation
from span_reading import attribute, told
from spanscore.integrations._endpoint import Description, Request
from spanscore.integrations.openai._completions import COMPLETIONS
from spanscore.testing import RecordedRecords, recorded_spans

MODEL = "gpt-3.5-turbo-instruct"
PROMPT = "Say hi"
CREATE = Operation(
    of="completions", arguments={"model": MODEL, "prompt": PROMPT, "max_tokens": 9, "n": 2, "seed": 1}
)
HEAD = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": f"{MODEL}-0914"}
USAGE = {"prompt_tokens": 2, "completion_tokens": 6, "total_tokens": 8}
LOGPROBS = {
    "tokens": ["Say", " hi", " hi"],
    "token_logprobs": [None, -1.5, -0.5],
    "top_logprobs": [None, {" hi": -1.5}, {" hi": -0.5}],
    "text_offset": [0, 3, 6],
}
CHOICES = [
    {"text": "Say hi hi", "index": 0, "logprobs": LOGPROBS, "finish_reason": "stop"},
    {"text": "Say hi ho", "index": 1, "logprobs": None, "finish_reason": "length"},
]
"""With `echo` the prompt stands before what completes it."""

ANSWER = {**HEAD, "choices": CHOICES, "usage": USAGE}
TOLD: dict[str, Any] = {
    "input": PROMPT,
    "output": CHOICES,
    "metadata": {"provider": "openai", "max_tokens": 9, "model": f"{MODEL}-0914"},
    "metrics": {"tokens": 8, "prompt_tokens": 2, "completion_tokens": 6},
}


def chunk(text: str, index: int = 0, **rest: Any) -> dict[str, Any]:
    choice = {"text": text, "index": index, "logprobs": None, "finish_reason": None, **rest}
    return {**HEAD, "choices": [choice]}


def part_of_logprobs(start: int, end: int) -> dict[str, Any]:
    return {name: values[start:end] for name, values in LOGPROBS.items()}


CHUNKS = [
    chunk("Say", logprobs=part_of_logprobs(0, 1)),
    chunk("Say hi", 1),
    chunk(" hi hi", logprobs=part_of_logprobs(1, 3)),
    chunk(" ho", 1, finish_reason="length"),
    chunk("", finish_reason="stop"),
    {**HEAD, "choices": [], "usage": USAGE},
]


@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_a_whole_answer(form: Form, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(whole(ANSWER))
    await form(server.url, CREATE)
    (span,) = recorded.spans
    assert (span.name, attribute(span, "span_attributes"), told(span)) == (
        "Completion",
        {"type": "llm"},
        TOLD,
    )
    assert {name: value for name, value in (span.attributes or {}).items() if name.startswith("gen_ai.")} == {
        "gen_ai.operation.name": "text_completion",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": MODEL,
        "gen_ai.request.max_tokens": 9,
        "gen_ai.response.id": "cmpl-1",
        "gen_ai.response.model": f"{MODEL}-0914",
        "gen_ai.response.finish_reasons": ("stop", "length"),
        "gen_ai.usage.input_tokens": 2,
        "gen_ai.usage.output_tokens": 6,
    }


@pytest.mark.parametrize("form", STREAMED.values(), ids=STREAMED.keys())
async def test_a_streamed_answer_is_told_like_a_whole_one(
    form: Form, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(streamed(CHUNKS))
    await form(server.url, CREATE)
    (span,) = recorded.spans
    assert told(span) == {**TOLD, "metrics": {**TOLD["metrics"], "time_to_first_token": True}}


@pytest.mark.parametrize("form", [*WHOLE.values(), *STREAMED.values()], ids=[*WHOLE, *STREAMED])
async def test_an_error_is_recorded(form: Form, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(failure(404, "no such model"))
    with pytest.raises(openai.NotFoundError, match="no such model"):
        await form(server.url, CREATE)
    (span,) = recorded.spans
    assert (attribute(span, "input_json"), attribute(span, "output_json")) == (PROMPT, None)
    assert (span.attributes or {})["error.type"] == "openai.NotFoundError"


def test_a_stream_that_breaks_down_keeps_what_has_come(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(streamed(CHUNKS[:2], is_cut=True))
    with client_of(server.url) as client, pytest.raises(Exception, match=r"closed|Connection error"):
        list(CREATE(client, stream=True))
    (span,) = recorded.spans
    assert [choice["text"] for choice in attribute(span, "output_json")] == ["Say", "Say hi"]
    assert "error.type" in (span.attributes or {})


def test_all_that_there_is_where_that_is_wanted(server: FakeOpenAI) -> None:
    server.reply(whole(ANSWER))
    with recorded_spans(capture="all") as recorded, client_of(server.url) as client:
        CREATE(client)
    assert attribute(recorded.spans[0], "metadata") == {
        **TOLD["metadata"],
        "n": 2,
        "seed": 1,
        "id": "cmpl-1",
        "object": "text_completion",
        "created": 1,
    }


def test_what_the_text_is_to_end_on_is_an_input() -> None:
    described = COMPLETIONS.request(Request(body={"model": "m", "prompt": "a", "suffix": "b"}))
    assert (described.input, described.more) == ({"prompt": "a", "suffix": "b"}, {})


@pytest.mark.parametrize("answer", [None, 5, "text", [], {}, {"choices": None, "usage": None, "model": ""}])
def test_an_answer_that_says_nothing(answer: Any) -> None:
    assert COMPLETIONS.response(answer) == Description()
