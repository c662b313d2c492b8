"""Blocks of content are told as OpenAI's parts, and none is lost."""

from typing import Any

import pytest

from spanscore.integrations.langchain._content import answer_of, content_of

IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
REMOTE = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}

PARTS: dict[str, tuple[Any, Any]] = {
    "a string": ("hi", {"type": "text", "text": "hi"}),
    "text with annotations": (
        {"type": "text", "text": "hi", "annotations": [], "id": "m1"},
        {"type": "text", "text": "hi"},
    ),
    "OpenAI's image": (IMAGE, IMAGE),
    "Anthropic's image": (
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
        IMAGE,
    ),
    "Anthropic's remote image": (
        {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}},
        REMOTE,
    ),
    "LangChain's image": ({"type": "image", "base64": "AAAA", "mime_type": "image/png"}, IMAGE),
    "LangChain's image of old": (
        {"type": "image", "source_type": "base64", "data": "AAAA", "mime_type": "image/png"},
        IMAGE,
    ),
    "LangChain's remote image": ({"type": "image", "url": "https://example.com/a.png"}, REMOTE),
    "an image that is elsewhere": ({"type": "image", "file_id": "f1"}, {"type": "image", "file_id": "f1"}),
    "audio": (
        {"type": "audio", "base64": "AAAA", "mime_type": "audio/wav"},
        {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
    ),
    "audio of another kind": (
        {"type": "audio", "base64": "AAAA", "mime_type": "audio/ogg"},
        {"type": "file", "file": {"file_data": "data:audio/ogg;base64,AAAA"}},
    ),
    "a file": (
        {"type": "file", "base64": "AAAA", "mime_type": "application/pdf", "filename": "a.pdf"},
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,AAAA"}},
    ),
    "a file that is elsewhere": ({"type": "file", "file_id": "f1"}, {"type": "file", "file_id": "f1"}),
    "thinking": (
        {"type": "thinking", "thinking": "hm", "signature": "s"},
        {"type": "thinking", "thinking": "hm", "signature": "s"},
    ),
    "nobody knows": (7, 7),
}


@pytest.mark.parametrize(("block", "part"), PARTS.values(), ids=PARTS)
def test_a_block_is_a_part(block: Any, part: Any) -> None:
    assert content_of([block]) == [part]


@pytest.mark.parametrize("kind", ["tool_use", "tool_call", "function_call", "input_json_delta"])
def test_calls_of_tools_stand_elsewhere(kind: str) -> None:
    assert content_of([{"type": kind, "id": "c1"}, "hi"]) == [{"type": "text", "text": "hi"}]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("hi", "hi"),
        ("", None),
        ([], None),
        ([{"type": "text", "text": "h"}, "i"], "hi"),
        ([{"type": "tool_use"}], None),
        (
            [{"type": "thinking", "thinking": "hm"}, "hi"],
            [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "hi"}],
        ),
    ],
)
def test_an_answer_is_text_where_it_is_nothing_else(content: Any, told: Any) -> None:
    assert answer_of(content) == told
