"""Chunks of a streamed completion merge into what a whole one would be, however servers cut them."""

from typing import Any

import pytest
from openai.types import Completion

from spanscore.integrations._plain import plain
from spanscore.integrations.openai._completion_stream import CompletionAccumulator


def chunk(*choices: Any, **fields: Any) -> dict[str, Any]:
    return {"id": "cmpl-1", "model": "m", "choices": list(choices), **fields}


HEAD = {"id": "cmpl-1", "model": "m"}
CASES: dict[str, tuple[list[Any], dict[str, Any]]] = {
    "nothing": ([], {"choices": []}),
    "text": (
        [chunk({"index": 0, "text": "a"}), chunk({"index": 0, "text": "b", "finish_reason": "stop"})],
        {**HEAD, "choices": [{"index": 0, "text": "ab", "logprobs": None, "finish_reason": "stop"}]},
    ),
    "choices out of order": (
        [chunk({"index": 1, "text": "b"}, {"index": 0, "text": "a"})],
        {
            **HEAD,
            "choices": [
                {"index": 0, "text": "a", "logprobs": None, "finish_reason": None},
                {"index": 1, "text": "b", "logprobs": None, "finish_reason": None},
            ],
        },
    ),
    "usage at the end": (
        [chunk(usage=None), chunk(usage={"prompt_tokens": 1})],
        {**HEAD, "usage": {"prompt_tokens": 1}, "choices": []},
    ),
    "fields of other servers": (
        [chunk({"index": 0, "text": "a", "stop_reason": None}), chunk({"index": 0, "stop_reason": 5})],
        {
            **HEAD,
            "choices": [{"index": 0, "text": "a", "logprobs": None, "finish_reason": None, "stop_reason": 5}],
        },
    ),
    "chunks of another shape": (
        [
            {"choices": None},
            {"choices": "x"},
            {"choices": [None, 5, {"index": "x", "text": 5, "logprobs": 7}, {"logprobs": {"tokens": 3}}]},
        ],
        {"choices": [{"index": 0, "text": "", "logprobs": None, "finish_reason": None}]},
    ),
}


@pytest.mark.parametrize("form", ["plain", "models"])
@pytest.mark.parametrize(("chunks", "answer"), CASES.values(), ids=CASES.keys())
def test_response(chunks: list[Any], answer: dict[str, Any], form: str) -> None:
    accumulator = CompletionAccumulator()
    for one in chunks:
        accumulator.add(one if form == "plain" else Completion.construct(**one))
    assert {name: plain(value) for name, value in accumulator.response().items()} == answer


@pytest.mark.parametrize("chunk", [None, 5, "x", [], b""])
def test_what_is_no_chunk(chunk: Any) -> None:
    accumulator = CompletionAccumulator()
    accumulator.add(chunk)
    assert accumulator.response() == {"choices": []}
