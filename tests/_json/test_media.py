"""Media in values that are too large: they stay whole, everything else is cut as before."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import PNG, data_uri, encoded, png
from spanscore._json import Budget, from_json, to_json
from spanscore._json._media import MEDIA
from spanscore.attachments import find_media

pytestmark = pytest.mark.core

LARGE = png(200_000)
URI = data_uri(LARGE, "image/png")


@pytest.fixture(autouse=True)
def _finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MEDIA, "find", find_media)


def written(value: Any, max_bytes: int = 10_000, media: int = 1 << 20) -> Any:
    return from_json(to_json(value, max_bytes=Budget(max_bytes, media=media)))


SHAPES: dict[str, Any] = {
    "data URI": URI,
    "openai": {"type": "image_url", "image_url": {"url": URI}},
    "anthropic": {
        "type": "image",
        "source": {"type": "base64", "media_type": "image/png", "data": encoded(LARGE)},
    },
    "gemini": {"inline_data": {"mime_type": "image/png", "data": encoded(LARGE)}},
    "bedrock": {"image": {"format": "png", "source": {"bytes": encoded(LARGE)}}},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_media_stay_whole_beside_text_that_is_cut(shape: str) -> None:
    given: Any = [{"role": "user", "content": [{"type": "text", "text": "long " * 10_000}, SHAPES[shape]]}]
    (message,) = written(given)
    assert message["content"][1] == SHAPES[shape]
    assert "characters cut" in message["content"][0]["text"]
    assert len(message["content"][0]["text"]) < 10_000


@pytest.mark.parametrize("blob", [bytes, bytearray, memoryview])
@pytest.mark.parametrize("shape", ["gemini", "bedrock"])
def test_bytes_in_a_providers_shape_are_written_whole(shape: str, blob: Any) -> None:
    given = json.loads(json.dumps(SHAPES[shape]))
    inner = given["inline_data"] if shape == "gemini" else given["image"]["source"]
    name = "data" if shape == "gemini" else "bytes"
    inner[name] = blob(LARGE)
    assert written([given], max_bytes=1 << 20) == [SHAPES[shape]]
    assert written([given]) == [SHAPES[shape]]


def test_other_bytes_are_left_out_as_before() -> None:
    note = f"[spanscore: {len(LARGE):,} bytes]"
    assert written([LARGE, {"data": LARGE}, {"image": {"source": {"bytes": LARGE}}}]) == [
        note,
        {"data": note},
        {"image": {"source": {"bytes": note}}},
    ]
    assert from_json(to_json({"data": LARGE})) == {"data": note}


def test_long_text_that_only_looks_like_media_is_cut_as_before() -> None:
    for text in (encoded(LARGE), URI + "!", f" {URI}", data_uri(LARGE, "image/x-unheard-of")):
        given = {"data": text}
        assert written(given) == from_json(to_json(given, max_bytes=10_000))


def test_beyond_the_allowance_media_are_cut_too() -> None:
    small = data_uri(PNG, "image/png")
    other = data_uri(png(200_000, b"other"), "image/png")
    first, second, third = written([URI, other, small], media=len(URI) + len(small))
    assert (first, third) == (URI, small)
    assert "characters cut" in second


def test_the_same_text_counts_each_time() -> None:
    assert written([URI, URI], media=2 * len(URI)) == [URI, URI]
    assert all("characters cut" in text for text in written([URI, URI], media=2 * len(URI) - 1))


def test_without_an_allowance_everything_is_cut_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = to_json([URI], max_bytes=10_000)
    assert len(plain) <= 10_000
    assert to_json([URI], max_bytes=Budget(10_000)) == plain
    monkeypatch.setattr(MEDIA, "find", None)
    assert to_json([URI], max_bytes=Budget(10_000, media=1 << 20)) == plain


def test_a_shape_with_much_else_in_it_is_cut() -> None:
    source = {"type": "base64", "media_type": "image/png", "data": encoded(LARGE), "more": "x" * 50_000}
    (kept,) = written([{"source": source}])
    assert kept["source"]["data"] == encoded(LARGE)
    assert len(kept["source"]["more"]) < 10_000


def test_credentials_beside_media_are_left_out() -> None:
    given = {"api_key": "sk-1234", "image": SHAPES["openai"], "text": "x" * 20_000}
    kept = written(given)
    assert (kept["api_key"], kept["image"]) == ("<redacted>", SHAPES["openai"])


values = st.recursive(
    st.none() | st.integers() | st.text() | st.sampled_from([URI, "x" * 30_000, LARGE]),
    lambda children: (
        st.lists(children, max_size=6) | st.dictionaries(st.text(max_size=5), children, max_size=6)
    ),
    max_leaves=20,
)


@given(values, st.integers(64, 20_000), st.integers(0, 2 << 20))
def test_the_text_is_json_within_both_budgets(value: Any, max_bytes: int, media: int) -> None:
    text = to_json(value, max_bytes=Budget(max_bytes, media=media))
    json.loads(text)
    assert len(text.encode()) <= max_bytes + media


def test_a_budget_is_a_number() -> None:
    budget = Budget(100, media=7)
    assert (budget, budget - 1, int(budget), budget.media) == (100, 99, 100, 7)
    assert type(int(budget)) is int
