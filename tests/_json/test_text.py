import pickle

import pytest

from spanscore._json import JsonText, to_json

pytestmark = pytest.mark.core


def test_json_text_is_a_str_that_is_known_to_be_json() -> None:
    text = to_json({"a": "é"})
    assert (type(text), text, text == '{"a":"é"}') == (JsonText, '{"a":"é"}', True)


def test_what_is_made_of_it_is_a_plain_str() -> None:
    text = to_json([1, 2])
    assert [type(part) for part in (text[:1], text + "", str(text), "".join([text]))] != [JsonText] * 4
    assert type(text[:1]) is str


def test_it_crosses_process_borders() -> None:
    assert type(pickle.loads(pickle.dumps(to_json(1)))) is JsonText
