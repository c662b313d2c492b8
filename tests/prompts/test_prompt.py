"""A prompt: when it is loaded, what it has, what it builds."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from spanscore.errors import PromptError
from spanscore.prompts import Prompt, PromptRecord

pytestmark = pytest.mark.core

ANSWER: dict[str, Any] = {
    "id": "p1",
    "_xact_id": "1000197156529394086",
    "project_id": "proj",
    "log_id": "p",
    "name": "Greeting",
    "slug": "greeting",
    "description": None,
    "prompt_data": {
        "prompt": {"type": "chat", "messages": [{"role": "user", "content": "Hi"}], "tools": None},
        "options": {"model": "gpt-5-mini", "params": {"temperature": 0}},
    },
    "tags": None,
    "metadata": {"team": "bots"},
}


def test_it_is_loaded_once_and_only_when_it_is_needed() -> None:
    loads: list[int] = []

    def load() -> PromptRecord:
        loads.append(1)
        return PromptRecord.of(ANSWER)

    prompt = Prompt(load)
    assert (repr(prompt), loads) == ("Prompt(not loaded yet)", [])
    found = (prompt.name, prompt.slug, prompt.id, prompt.project_id, prompt.version, repr(prompt), len(loads))
    assert found == ("Greeting", "greeting", "p1", "proj", "1000197156529394086", "Prompt('greeting')", 1)


def test_a_load_that_failed_is_tried_again() -> None:
    outcomes: list[Any] = [OSError("away"), PromptRecord.of(ANSWER)]

    def load() -> PromptRecord:
        outcome = outcomes.pop(0)
        if isinstance(outcome, OSError):
            raise outcome
        return outcome

    prompt = Prompt(load)
    with pytest.raises(OSError, match="away"):
        _ = prompt.slug
    assert prompt.slug == "greeting"


def test_it_builds_the_arguments_of_a_call_and_says_where_they_come_from() -> None:
    prompt = Prompt(lambda: PromptRecord.of(ANSWER), defaults={"seed": 1})
    assert prompt.build(strict=True) == {
        "seed": 1,
        "temperature": 0,
        "model": "gpt-5-mini",
        "messages": [{"role": "user", "content": "Hi"}],
        "span_info": {
            "metadata": {
                "prompt": {
                    "variables": {"strict": True},
                    "id": "p1",
                    "project_id": "proj",
                    "version": "1000197156529394086",
                }
            }
        },
    }
    assert "span_info" not in Prompt(lambda: PromptRecord.of(ANSWER), no_trace=True).build()


def test_as_a_mapping_it_has_its_options_and_its_templates() -> None:
    prompt = Prompt(lambda: PromptRecord.of(ANSWER))
    assert dict(prompt) == {
        "model": "gpt-5-mini",
        "params": {"temperature": 0},
        "messages": [{"role": "user", "content": "Hi"}],
        "tools": None,
    }
    assert (len(prompt), prompt == Prompt(lambda: PromptRecord.of(ANSWER)), prompt in {prompt}) == (
        4,
        False,
        True,
    )


def test_what_has_no_prompt_data_is_no_prompt() -> None:
    with pytest.raises(PromptError, match="what the server has under 'fn' is no prompt"):
        PromptRecord.of({"slug": "fn", "function_data": {"type": "code"}})


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
def test_a_copy_has_what_was_loaded(copied: Callable[[Prompt], Prompt]) -> None:
    loads: list[int] = []

    def load() -> PromptRecord:
        loads.append(1)
        return PromptRecord.of(ANSWER)

    prompt = copied(Prompt(load, defaults={"seed": 1}, no_trace=True))
    assert (prompt.record, prompt.defaults, prompt.no_trace) == (PromptRecord.of(ANSWER), {"seed": 1}, True)
    assert loads == [1]
