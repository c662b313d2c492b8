"""A call of a hosted function as its server wants it."""

from typing import Any

import pytest

from spanscore.errors import ConfigError
from spanscore.functions import FunctionId, Invocation

pytestmark = pytest.mark.core


def test_the_body_is_the_recorded_one() -> None:
    call = Invocation(function=FunctionId(project_name="proj-a", slug="fn"), input={"a": 1})
    assert call.body() == {
        "api_version": 1,
        "input": {"a": 1},
        "metadata": None,
        "parent": "",
        "project_name": "proj-a",
        "slug": "fn",
        "stream": False,
        "tags": None,
    }


def test_what_else_is_given_is_told() -> None:
    function = FunctionId(global_function="project_default", function_type="preprocessor", project_id="p")
    call = Invocation(
        function=function,
        messages=[{"role": "user"}],
        mode="json",
        strict=False,
        overrides={"x": 1},
        stream=True,
    )
    assert call.body() == {
        "input": None,
        "metadata": None,
        "tags": None,
        "parent": "",
        "stream": True,
        "api_version": 1,
        "messages": [{"role": "user"}],
        "mode": "json",
        "strict": False,
        "overrides": {"x": 1},
        "global_function": "project_default",
        "function_type": "preprocessor",
    }


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"slug": "fn"},
        {"project_name": "p"},
        {"prompt_session_id": "s"},
        {"version": "1", "function_type": "scorer"},
    ],
)
def test_no_function_is_an_error(given: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="no function is named; give function_id"):
        FunctionId(**given)
