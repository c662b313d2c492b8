"""The search for media: which formats there are, how far it goes, and what it never does."""

import importlib
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import PNG, data_uri, encoded, key
from spanscore._json import from_json
from spanscore.attachments._conversion import converted
from spanscore.attachments._search import FORMATS, MOST_DEPTH, find_media, may_hold_media

pytestmark = pytest.mark.core

PNG_URI = data_uri(PNG, "image/png")
SHAPES = {
    (name, shape): given
    for name in FORMATS
    for shape, (given, *_) in vars(importlib.import_module(f"attachments.test_{name}"))["SHAPES"].items()
}
UNTOUCHED = [
    value
    for name in FORMATS
    for value in vars(importlib.import_module(f"attachments.test_{name}"))["UNTOUCHED"].values()
]


@pytest.mark.parametrize("name", FORMATS)
def test_item_64_each_format_is_tested_with_data_of_its_own(name: str) -> None:
    own = [given for (format_, _), given in SHAPES.items() if format_ == name]
    assert own, f"tests/attachments/test_{name}.py shows nothing of it"
    assert any(FORMATS[name](*node) for given in own for node in nodes(None, given))


def nodes(above: str | None, value: Any) -> Any:
    yield above, value
    if isinstance(value, dict):
        for each, child in value.items():
            yield from nodes(each, child)
    elif isinstance(value, list):
        for child in value:
            yield from nodes(None, child)


@pytest.mark.parametrize("shape", SHAPES, ids="-".join)
def test_item_64_no_two_formats_know_the_same_node_of_it(shape: tuple[str, str]) -> None:
    for above, node in nodes(None, SHAPES[shape]):
        known = [name for name, match in FORMATS.items() if match(above, node) is not None]
        assert len(known) <= 1


@pytest.mark.parametrize("shape", SHAPES, ids="-".join)
def test_item_63_what_has_media_is_let_through_by_the_fast_looks(shape: tuple[str, str]) -> None:
    for text in (json.dumps(SHAPES[shape]), json.dumps(SHAPES[shape], separators=(",", ":"))):
        for same in (text, text.replace("/", "\\/"), text.encode(), b"\xff" + text.encode() + b"\x00"):
            assert may_hold_media(same)


@pytest.mark.parametrize(
    "text", ["[]", '"data:image/png"', '{"data":"short"}', '{"bytes":[1,2]}', '{"type":"base64","data":"ab"}']
)
def test_item_63_without_twenty_characters_of_base64_no_json_is_parsed(text: str) -> None:
    assert not may_hold_media(text)
    assert not may_hold_media(text.encode())
    # What is no JSON is not even noticed.
    assert converted("{" + text, lambda _: pytest.fail("nothing is to be kept")) is None


def wrapped(depth: int) -> Any:
    value: Any = PNG_URI
    for _ in range(depth):
        value = [value]
    return value


def test_item_65_what_is_deeper_than_the_cap_is_left() -> None:
    assert len(find_media(wrapped(MOST_DEPTH))) == 1
    assert find_media(wrapped(MOST_DEPTH + 1)) == []
    assert find_media(wrapped(900)) == []


@pytest.mark.parametrize("kind", ["external_attachment", "inline_attachment", "braintrust_attachment"])
def test_item_79_references_that_are_there_stay(kind: str) -> None:
    value = [{"type": kind, "src": PNG_URI, "url": PNG_URI, "source": {"bytes": encoded(PNG)}}]
    assert find_media(value) == []


def test_what_was_found_is_not_searched_again() -> None:
    source = {"type": "base64", "media_type": "image/png", "data": encoded(PNG), "more": PNG_URI}
    assert [text for _, text in find_media([{"source": source}])] == [encoded(PNG)]


atoms = (
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from([PNG_URI, encoded(PNG), "base64"])
)
names = st.sampled_from(
    sorted({name for given in (*SHAPES.values(), *UNTOUCHED) for name, _ in nodes(None, given) if name})
)
hostile = st.recursive(
    atoms,
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(names | st.text(), children, max_size=5)
        | st.sampled_from(list(SHAPES.values()))
    ),
    max_leaves=12,
)


@given(hostile)
def test_whatever_it_is_nothing_raises_and_only_media_change(value: Any) -> None:
    text = json.dumps(value)
    new = converted(text, key)
    if new is None:
        return
    assert REFERENCE.search(new)
    assert [at for at, _ in differences(from_json(text), from_json(new))]


REFERENCE = re.compile(r'"type":"braintrust_attachment"')


def differences(old: Any, new: Any, at: str = "$") -> Any:
    """Where two values differ; below a reference nothing is looked at."""
    if old == new:
        return
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, pair in enumerate(zip(old, new, strict=True)):
            yield from differences(*pair, f"{at}[{number}]")
    elif isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        for name in old:
            yield from differences(old[name], new[name], f"{at}.{name}")
    else:
        # Only media are replaced: a text of base64, a source, or a part of Gemini's.
        assert re.search(r"[A-Za-z0-9+/_-]{20}", json.dumps(old))
        yield at, old


@given(
    st.lists(hostile.filter(lambda value: not may_hold_media(json.dumps(value))) | st.sampled_from(UNTOUCHED))
)
def test_what_has_no_media_is_untouched_to_the_byte(value: Any) -> None:
    assert converted(json.dumps(value), key) is None
