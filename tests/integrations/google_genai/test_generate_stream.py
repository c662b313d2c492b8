"""Chunks put together are the answer that they were cut from."""

import base64
import json
from itertools import pairwise
from typing import Any

import pytest
from google.genai import types
from hypothesis import given
from hypothesis import strategies as st

from fake_google import Json, answer, candidate, chunk, function_call, text_chunks
from spanscore.integrations.google_genai._generate_stream import GenerateAccumulator

_TEXT = st.text(min_size=1, max_size=20)
_CALLS = st.builds(lambda name, n: function_call(name, n=n), _TEXT, st.integers())
_SIGNED = st.builds(lambda text: {"text": text, "thoughtSignature": "c2ln"}, _TEXT)
_IMAGES = st.just({"inlineData": {"mimeType": "image/png", "data": "aGVsbG8="}})
_KINDS = st.lists(
    st.one_of(
        st.tuples(st.just("text"), _TEXT),
        st.tuples(st.just("thought"), _TEXT),
        st.tuples(st.just("whole"), _CALLS | _SIGNED | _IMAGES),
    ),
    min_size=1,
    max_size=6,
)


def response_of(chunks: list[Any]) -> Any:
    accumulator = GenerateAccumulator()
    for one in chunks:
        accumulator.add(types.HttpResponse(body=json.dumps(one)))
    return accumulator.response()


@st.composite
def cut_answers(draw: st.DrawFn) -> tuple[Json, list[Json]]:
    """A whole answer, and the chunks that it comes in."""
    parts: list[Json] = []
    pieces: list[Json] = []
    drawn: Any = draw(_KINDS)
    for kind, value in drawn:
        if kind == "whole":
            parts.append(value)
            pieces.append(value)
            continue
        marks = {"thought": True} if kind == "thought" else {}
        pieces += [{"text": piece, **marks} for piece in _cut(value, draw(st.lists(st.integers(0, 20))))]
        if parts and parts[-1].keys() == {"text", *marks}:
            parts[-1] = {"text": parts[-1]["text"] + value, **marks}
        else:
            parts.append({"text": value, **marks})
    chunks = [chunk(*together) for together in _together(pieces, draw(st.lists(st.integers(1, 3))))]
    whole = answer(*parts)
    last = {**chunks[-1], "usageMetadata": whole["usageMetadata"]}
    last["candidates"] = [{**last["candidates"][0], "finishReason": "STOP"}]
    return whole, [*chunks[:-1], last]


def _cut(text: str, places: list[int]) -> list[str]:
    bounds = [0, *sorted({place for place in places if 0 < place < len(text)}), len(text)]
    return [text[start:end] for start, end in pairwise(bounds)]


def _together(pieces: list[Json], sizes: list[int]) -> list[list[Json]]:
    chunks: list[list[Json]] = []
    while pieces:
        size = sizes.pop() if sizes else 1
        chunks.append(pieces[:size])
        pieces = pieces[size:]
    return chunks


@given(cut_answers())
def test_an_answer_in_chunks_is_the_whole_answer(cut: tuple[Json, list[Json]]) -> None:
    whole, chunks = cut
    assert response_of(chunks) == whole


def test_no_chunk_no_candidates() -> None:
    assert response_of([]) == {}


def test_candidates_are_told_apart_by_their_index() -> None:
    chunks = [
        chunk(candidates=[candidate("a", index=0), candidate("x", index=1)]),
        chunk(candidates=[candidate("y", index=1, finishReason="STOP")]),
        chunk(candidates=[candidate("b", finishReason="MAX_TOKENS")]),
    ]
    assert response_of(chunks)["candidates"] == [
        candidate("ab", index=0, finishReason="MAX_TOKENS"),
        candidate("xy", index=1, finishReason="STOP"),
    ]


def test_the_last_usage_counts() -> None:
    chunks = [
        chunk("a", usageMetadata={"promptTokenCount": 5, "thoughtsTokenCount": 9}),
        chunk("b"),
        chunk("c", usageMetadata=None),
    ]
    assert response_of(chunks)["usageMetadata"] == {"promptTokenCount": 5, "totalTokenCount": 5}


def test_what_is_said_beside_the_content_is_merged() -> None:
    first = {"category": "c", "probability": "LOW"}
    second = {"category": "c", "probability": "HIGH"}
    chunks = [
        chunk(
            candidates=[
                candidate(
                    "a", safetyRatings=[first], groundingMetadata={"groundingChunks": [{"web": {"uri": "1"}}]}
                )
            ]
        ),
        chunk(candidates=[candidate("b", logprobsResult={"chosenCandidates": [{"token": "a"}]})]),
        chunk(
            candidates=[
                candidate(
                    "c",
                    safetyRatings=[second],
                    logprobsResult={"chosenCandidates": [{"token": "b"}]},
                    groundingMetadata={"groundingChunks": [{"web": {"uri": "2"}}], "webSearchQueries": ["q"]},
                )
            ]
        ),
        chunk(candidates=[{"finishReason": "STOP", "groundingMetadata": {"webSearchQueries": ["q", "r"]}}]),
    ]
    assert response_of(chunks)["candidates"] == [
        candidate(
            "abc",
            safetyRatings=[second],
            logprobsResult={"chosenCandidates": [{"token": "a"}, {"token": "b"}]},
            groundingMetadata={
                "groundingChunks": [{"web": {"uri": "1"}}, {"web": {"uri": "2"}}],
                "webSearchQueries": ["q", "r"],
            },
            finishReason="STOP",
        )
    ]


@given(st.lists(st.binary(min_size=1), min_size=1, max_size=5))
def test_sound_in_pieces_is_one_part(pieces: list[bytes]) -> None:
    kind = "audio/L16;codec=pcm;rate=24000"
    chunks = [
        chunk({"inlineData": {"mimeType": kind, "data": base64.b64encode(piece).decode()}})
        for piece in pieces
    ]
    (part,) = response_of(chunks)["candidates"][0]["content"]["parts"]
    assert types.Part.model_validate(part).inline_data == types.Blob(data=b"".join(pieces), mime_type=kind)


@pytest.mark.parametrize(
    "parts",
    [
        [
            {"inlineData": {"mimeType": kind, "data": "aGk="}}
            for kind in ("audio/L16;rate=8000", "audio/L16;rate=24000")
        ],
        [{"inlineData": {"mimeType": "audio/wav", "data": "aGk="}}] * 2,
        [{"inlineData": {"mimeType": "image/png", "data": "aGk="}}] * 2,
        ["a", {"inlineData": {"mimeType": "audio/pcm", "data": "aGk="}}, "b"],
        [{"text": "a", "thought": True}, {"text": "b"}],
        [{"text": "a", "thoughtSignature": "c2ln"}, {"text": "b"}],
    ],
)
def test_what_does_not_belong_together_stays_apart(parts: list[Any]) -> None:
    given = candidate(*parts)["content"]["parts"]
    assert response_of([chunk(part) for part in parts])["candidates"][0]["content"]["parts"] == given


def test_sound_that_cannot_be_decoded_is_kept_as_it_came() -> None:
    parts = [{"inlineData": {"mimeType": "audio/pcm", "data": data}} for data in ("!!", "aGk=")]
    (part,) = response_of([chunk(part) for part in parts])["candidates"][0]["content"]["parts"]
    assert part["inlineData"]["data"] == "!!aGk="


@pytest.mark.parametrize(
    "hostile",
    [
        None,
        [1],
        {"candidates": "x"},
        {"candidates": [None, 5, {"content": None}, {"content": "x"}, {"content": {"parts": None}}]},
        {
            "candidates": [
                {"index": "0", "content": {"parts": [None, 5, "x", {}, {"text": 5}, {"inlineData": None}]}}
            ]
        },
        {"candidates": [{"groundingMetadata": 5, "safetyRatings": {}}]},
        {"usageMetadata": "much", "modelVersion": 5},
    ],
)
def test_a_chunk_of_other_types_does_no_harm(hostile: Any) -> None:
    whole = response_of([chunk("a"), hostile, *text_chunks("b", "c")])
    texts = [
        part.get("text") for part in whole["candidates"][0]["content"]["parts"] if isinstance(part, dict)
    ]
    assert "".join(text for text in texts if isinstance(text, str)) == "abc"
    assert whole["modelVersion"] == "gemini-2.5-flash-001"
