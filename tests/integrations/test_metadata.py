"""Metadata of a request, encoded once, with what the answer adds; one JSON object whatever the budget."""

import json

import pytest

from spanscore.integrations._metadata import NOTHING, Metadata

pytestmark = pytest.mark.core

ASKED = {"provider": "p", "model": "gpt", "tools": [{"type": "function"}]}


def test_the_answers_model_goes_before_the_requests() -> None:
    metadata = Metadata.of(ASKED, max_bytes=1000)
    assert json.loads(metadata.text) == ASKED
    answered = metadata.with_answer({"model": "gpt-1"}, max_bytes=1000)
    assert json.loads(answered) == {**ASKED, "model": "gpt-1"}
    assert answered.count('"model"') == 1


def test_what_else_the_answer_says_is_merged() -> None:
    metadata = Metadata.of({**ASKED, "store": False}, max_bytes=1000)
    told = {"model": "gpt-1", "store": True, "id": "1"}
    answered = metadata.with_answer(told, max_bytes=1000)
    assert json.loads(answered) == {**ASKED, **told}
    assert answered.count('"store"') == 1


def test_nothing_but_a_model() -> None:
    metadata = Metadata.of({"model": "gpt"}, max_bytes=1000)
    assert (metadata.text, NOTHING.text) == ('{"model":"gpt"}', "{}")
    assert Metadata.of({}, max_bytes=1000).with_answer({"model": "m"}, max_bytes=1000) == '{"model":"m"}'


@pytest.mark.parametrize("max_bytes", [8, 16, 64, 200, 3000])
def test_a_budget_is_kept(max_bytes: int) -> None:
    metadata = Metadata.of({**ASKED, "tools": ["x" * 5000], "model": "m" * 5000}, max_bytes=max_bytes)
    answers = [{"model": "n" * 5000}, {"model": "n", "id": "i" * 5000}, {"id": 1}]
    for text in (metadata.text, *(metadata.with_answer(told, max_bytes=max_bytes) for told in answers)):
        json.loads(text)
        assert len(text.encode()) <= max_bytes
