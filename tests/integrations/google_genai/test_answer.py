"""Responses of the API client, of today's and of older versions, as plain JSON."""

from typing import Any

import pytest
from google.genai import types

from spanscore.integrations.google_genai._answer import answer_of


@pytest.mark.parametrize(
    "response", [types.HttpResponse(body='{"candidates": []}'), {"candidates": []}], ids=["text", "object"]
)
def test_answer(response: Any) -> None:
    assert answer_of(response) == {"candidates": []}


@pytest.mark.parametrize(
    "response",
    [None, 5, "text", [], types.HttpResponse(), *(types.HttpResponse(body=x) for x in ("", "{", "[1]", "5"))],
)
def test_a_response_without_an_object(response: Any) -> None:
    assert answer_of(response) == {}
