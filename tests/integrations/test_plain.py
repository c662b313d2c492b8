"""Providers' objects are read whatever they turn out to be."""

import warnings
from typing import Any

import pytest
from openai.types.chat import ChatCompletionMessage

from spanscore.integrations._plain import fields_of, json_value, plain, text


def message(**fields: Any) -> ChatCompletionMessage:
    return ChatCompletionMessage.construct(**fields)


def test_fields_of_a_model_have_unknown_ones() -> None:
    fields = fields_of(message(role="assistant", content="a", surprise=1))
    assert {name: fields[name] for name in ("role", "content", "surprise")} == {
        "role": "assistant",
        "content": "a",
        "surprise": 1,
    }


class Pretender:
    __class__ = dict  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]


@pytest.mark.parametrize("value", [None, 5, "x", [1], object(), ChatCompletionMessage, Pretender()])
def test_fields_of_anything_else_are_none(value: Any) -> None:
    assert fields_of(value) == {}


def test_a_model_is_told_with_what_was_received_and_without_warnings() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        told = plain([message(role=5, content=["odd"], surprise={"a": 1}), "x", None])
    assert told == [{"role": 5, "content": ["odd"], "surprise": {"a": 1}}, "x", None]


def test_excluded_fields_are_left_out() -> None:
    assert plain(message(role="assistant", content="a"), exclude={"content"}) == {"role": "assistant"}


@pytest.mark.parametrize(
    ("body", "value"), [(b'{"a": 1}', {"a": 1}), (b"<html>", None), (b"\xff", None), (b"", None)]
)
def test_json_value(body: bytes, value: Any) -> None:
    assert json_value(body) == value


@pytest.mark.parametrize(("value", "told"), [("a", "a"), ("", None), (5, None), (None, None)])
def test_text(value: Any, told: str | None) -> None:
    assert text(value) == told
