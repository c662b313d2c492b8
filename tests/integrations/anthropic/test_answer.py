"""What every answer says of itself besides its content."""

from typing import Any

import pytest

from spanscore.integrations.anthropic._answer import answered_model, gen_ai_answer


def test_an_answer() -> None:
    answer = {"id": "msg_1", "model": "m", "stop_reason": "end_turn"}
    assert answered_model(answer) == {"model": "m"}
    assert gen_ai_answer(answer, {"prompt_tokens": 0, "completion_tokens": 2, "tokens": 2}) == {
        "gen_ai.response.id": "msg_1",
        "gen_ai.response.model": "m",
        "gen_ai.response.finish_reasons": ["end_turn"],
        "gen_ai.usage.input_tokens": 0,
        "gen_ai.usage.output_tokens": 2,
    }


@pytest.mark.parametrize("answer", [{}, {"id": 5, "model": "", "stop_reason": None}, {"model": ["m"]}])
def test_an_answer_that_says_nothing(answer: dict[str, Any]) -> None:
    assert answered_model(answer) == {}
    assert gen_ai_answer(answer, {}) == {}
