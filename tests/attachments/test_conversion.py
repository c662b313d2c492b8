"""Media out of JSON text and references into it; or set aside, and put back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import JPEG, PDF, PNG, data_uri, encoded, key, reference
from spanscore._json import JsonText, from_json
from spanscore.attachments._conversion import converted, put_back, set_aside

pytestmark = pytest.mark.core

PNG_URI = data_uri(PNG, "image/png")


def test_the_text_is_json_known_to_be_valid() -> None:
    text = converted(json.dumps([PNG_URI, 1 << 70, "é\u2028", 0.1]), key)
    assert type(text) is JsonText
    assert from_json(text) == [reference(PNG, "image/png", "image.png"), 1 << 70, "é\u2028", 0.1]


def test_item_38_there_is_no_list_of_attachments() -> None:
    text = converted(json.dumps({"messages": [PNG_URI]}), key)
    assert text is not None
    assert list(from_json(text)) == ["messages"]


def test_item_75_text_that_is_no_json_is_left_alone() -> None:
    for broken in (f'["{PNG_URI}"', f"['{PNG_URI}']", PNG_URI, f'{{"a":"{PNG_URI}",}}'):
        assert converted(broken, key) is None


def test_item_39_what_cannot_be_decoded_stays_beside_what_can() -> None:
    broken = PNG_URI[:-6] + "!" + PNG_URI[-6:]
    text = converted(json.dumps([broken, PNG_URI]), key)
    assert text is not None
    assert from_json(text) == [broken, reference(PNG, "image/png", "image.png")]


def test_item_66_what_cannot_be_kept_is_raised() -> None:
    def keep(content: bytes) -> str:
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        converted(json.dumps([PNG_URI]), keep)


def test_escapes_that_json_does_not_need_are_read() -> None:
    text = converted(json.dumps([PNG_URI]).replace("/", "\\/"), key)
    assert text is not None
    assert from_json(text) == [reference(PNG, "image/png", "image.png")]


def test_what_is_set_aside_comes_back_to_the_byte() -> None:
    given = json.dumps({"a": [PNG_URI, PNG_URI], "secret": "x" * 50, "b": data_uri(PDF, "application/pdf")})
    short, tokens = set_aside(given)
    assert len(short) < 250
    assert encoded(PNG) not in short
    assert json.loads(short)["secret"] == "x" * 50
    assert put_back(short, tokens) == given


def test_what_holds_no_media_is_set_aside_as_it_is() -> None:
    given = json.dumps({"a": "b" * 40, "broken": PNG_URI + "!"})
    assert set_aside(given) == (given, {})


@given(st.lists(st.sampled_from([PNG_URI, data_uri(JPEG, "image/jpeg"), encoded(PNG), "text", ""])))
def test_setting_aside_loses_nothing(values: list[str]) -> None:
    given = json.dumps(values)
    short, tokens = set_aside(given)
    assert len(json.loads(short)) == len(values)
    assert put_back(short, tokens) == given
