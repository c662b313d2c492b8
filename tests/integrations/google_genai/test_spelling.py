"""Requests in one spelling, but for what is the user's own."""

import base64
from typing import Any

import pytest
from google.genai import types
from hypothesis import given
from hypothesis import strategies as st

from spanscore.integrations.google_genai._spelling import camelised, standard_base64


def test_names_are_in_camel_case() -> None:
    sent = {"toolConfig": {"functionCallingConfig": {"allowed_function_names": ["a_b"]}}, "top_k": 3}
    assert camelised(sent) == {
        "toolConfig": {"functionCallingConfig": {"allowedFunctionNames": ["a_b"]}},
        "topK": 3,
    }


@pytest.mark.parametrize(
    "given",
    [
        {"functionCall": {"name": "f", "args": {"a_b": {"c_d": 1}}}},
        {"functionResponse": {"name": "f", "response": {"a_b": 1}}},
        {"parametersJsonSchema": {"properties": {"a_b": {"min_length": 1}}}},
        {"labels": {"a_b": "c_d"}},
        {"parameters": {"properties": {"a_b": {"type": "STRING"}}}},
        {"partMetadata": {"a_b": 1}},
    ],
)
def test_what_the_user_has_named_stays(given: Any) -> None:
    assert camelised(given) == given


def test_what_is_below_the_users_names_does_not() -> None:
    schema = {"properties": {"a_b": {"any_of": [{"max_items": 1}]}}}
    assert camelised(schema) == {"properties": {"a_b": {"anyOf": [{"maxItems": 1}]}}}


@given(st.binary())
def test_inline_data_is_in_the_usual_base64(data: bytes) -> None:
    sent = {"inlineData": {"data": base64.urlsafe_b64encode(data).decode(), "mime_type": "image/png"}}
    told = camelised(sent)
    assert told == {"inlineData": {"data": base64.b64encode(data).decode(), "mimeType": "image/png"}}
    assert types.Part.model_validate(told).inline_data == types.Blob(data=data, mime_type="image/png")


@pytest.mark.parametrize(
    "value",
    [
        None,
        5,
        "a_b",
        [1, None],
        {},
        {"inlineData": None},
        {"inlineData": 5},
        {"inlineData": {"data": 5}},
        {5: 6},
        {"properties": 5},
    ],
)
def test_what_has_no_names_stays(value: Any) -> None:
    assert camelised(value) == value


def test_what_is_no_text_is_no_base64() -> None:
    assert standard_base64(None) is None
    assert standard_base64("a-_b") == "a+/b"
