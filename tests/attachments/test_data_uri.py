"""Whole data URIs, wherever they stand."""

from typing import Any

import pytest

from media import PNG, data_uri, encoded, reference

pytestmark = pytest.mark.core

SHAPES: dict[str, tuple[Any, Any, bytes]] = {
    "value": (data_uri(PNG, "image/png"), reference(PNG, "image/png", "image.png"), PNG),
    "in a list": ([data_uri(PNG, "image/png")], [reference(PNG, "image/png", "image.png")], PNG),
    "argument": (
        {"picture": data_uri(PNG, "image/png")},
        {"picture": reference(PNG, "image/png", "image.png")},
        PNG,
    ),
    "with parameters": (
        [data_uri(b"to be or not to be", "text/plain;charset=utf-8")],
        [reference(b"to be or not to be", "text/plain;charset=utf-8", "file.txt")],
        b"to be or not to be",
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_item_38_media_become_references_at_the_same_leaf(shape: str, convert: Any) -> None:
    given, expected, content = SHAPES[shape]
    assert convert(given) == expected
    assert convert.kept == [content]


UNTOUCHED: dict[str, Any] = {
    "not encoded": "data:text/plain,to%20be%20or%20not%20to%20be%20or%20not",
    "short": "data:image/png;base64,iVBORw0KGgo=",
    "no type": f"data:;base64,{encoded(PNG)}",
    "blank before": f" {data_uri(PNG, 'image/png')}",
    "as a key": {data_uri(PNG, "image/png"): 1},
    "addresses": ["https://example.com/a.png", "s3://bucket/a.png", "file:///etc/hostname"],
}


@pytest.mark.parametrize("shape", UNTOUCHED)
def test_item_38_everything_else_stays(shape: str, convert: Any) -> None:
    assert convert(UNTOUCHED[shape]) is None
