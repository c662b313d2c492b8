"""Sets of parameters as a server gives them."""

from typing import Any

import pytest

from spanscore.errors import PromptError
from spanscore.prompts import RemoteEvalParameters

pytestmark = pytest.mark.core

SCHEMA = {"type": "object", "properties": {"model": {"type": "string"}}}
ANSWER: dict[str, Any] = {
    "id": "f1",
    "_xact_id": "1000",
    "project_id": "p1",
    "name": "Tuning",
    "slug": "tuning",
    "function_data": {"type": "parameters", "data": {"model": "small"}, "__schema": SCHEMA},
}


def test_what_a_server_says() -> None:
    assert RemoteEvalParameters.of(ANSWER) == RemoteEvalParameters(
        id="f1",
        version="1000",
        project_id="p1",
        name="Tuning",
        slug="tuning",
        data={"model": "small"},
        schema=SCHEMA,
    )


@pytest.mark.parametrize("data", [None, {"type": "prompt"}, {"type": "code", "data": {}}])
def test_another_function_is_none(data: Any) -> None:
    with pytest.raises(PromptError, match=r"under 'tuning' is .*; give the slug of a set of parameters"):
        RemoteEvalParameters.of({**ANSWER, "function_data": data})
