"""Events of a streamed transcription become what a whole one would be."""

from typing import Any

import pytest

from spanscore.integrations.openai._transcript_stream import TranscriptAccumulator


def delta(text: Any) -> dict[str, Any]:
    return {"type": "transcript.text.delta", "delta": text}


def segment(text: str, speaker: str) -> dict[str, Any]:
    return {"type": "transcript.text.segment", "id": "s", "start": 0.0, "text": text, "speaker": speaker}


DONE = {"type": "transcript.text.done", "text": "a b", "usage": {"type": "tokens", "total_tokens": 5}}
CASES: dict[str, tuple[list[Any], dict[str, Any]]] = {
    "nothing": ([], {"text": ""}),
    "parts": ([delta("a"), delta(" b")], {"text": "a b"}),
    "the end": ([delta("a"), DONE], {"text": "a b", "usage": DONE["usage"]}),
    "segments": (
        [segment("a", "A"), segment("b", "B"), DONE],
        {"text": "a b", "usage": DONE["usage"], "segments": [segment("a", "A"), segment("b", "B")]},
    ),
    "events of another shape": (
        [None, 5, "x", [], {}, {"type": 5}, {"type": "other"}, delta(None)],
        {"text": ""},
    ),
    "an end without a text": ([delta("a"), {"type": "transcript.text.done"}], {"text": "a"}),
}


@pytest.mark.parametrize(("events", "answer"), CASES.values(), ids=CASES.keys())
def test_response(events: list[Any], answer: dict[str, Any]) -> None:
    accumulator = TranscriptAccumulator()
    for one in events:
        accumulator.add(one)
    assert accumulator.response() == answer
