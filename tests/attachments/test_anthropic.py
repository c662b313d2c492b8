"""Media in Anthropic's shape."""

from typing import Any

import pytest

from media import PDF, PNG, encoded, reference

pytestmark = pytest.mark.core


def block(kind: str, content: bytes, content_type: str, **more: Any) -> dict[str, Any]:
    source = {"type": "base64", "media_type": content_type, "data": encoded(content)}
    return {"type": kind, "source": source, **more}


SHAPES: dict[str, tuple[Any, Any, bytes]] = {
    "image": (
        block("image", PNG, "image/png", cache_control={"type": "ephemeral"}),
        {
            "type": "image",
            "source": reference(PNG, "image/png", "image.png"),
            "cache_control": {"type": "ephemeral"},
        },
        PNG,
    ),
    "document": (
        block("document", PDF, "application/pdf", title="Terms"),
        {"type": "document", "source": reference(PDF, "application/pdf", "file.pdf"), "title": "Terms"},
        PDF,
    ),
    "image that a tool gave": (
        {"type": "tool_result", "tool_use_id": "t", "content": [block("image", PNG, "image/png")]},
        {
            "type": "tool_result",
            "tool_use_id": "t",
            "content": [{"type": "image", "source": reference(PNG, "image/png", "image.png")}],
        },
        PNG,
    ),
}

UNTOUCHED: dict[str, Any] = {
    "address": {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}},
    "text": {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "x" * 40}},
    "unknown type": block("image", PNG, "image/x-unheard-of"),
    "no base64": {"source": {"type": "base64", "media_type": "image/png", "data": "not base64 at all " * 4}},
    "data that are no text": {"source": {"type": "base64", "media_type": "image/png", "data": [1]}},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_item_70_the_whole_source_becomes_the_reference(shape: str, convert: Any) -> None:
    given, expected, content = SHAPES[shape]
    assert convert([{"role": "user", "content": [given]}]) == [{"role": "user", "content": [expected]}]
    assert convert.kept == [content]


@pytest.mark.parametrize("shape", UNTOUCHED)
def test_item_39_what_is_no_known_media_stays(shape: str, convert: Any) -> None:
    assert convert([{"role": "user", "content": [UNTOUCHED[shape]]}]) is None
