"""A hosted function as a task and as a scorer."""

from typing import Any

import pytest

from spanscore.functions import FunctionId, HostedFunction
from spanscore.scoring import prepare_scorers

pytestmark = pytest.mark.core


class Trace:
    def get_configuration(self) -> dict[str, str]:
        return {"object_type": "experiment", "object_id": "e", "root_span_id": "r"}


def hosted() -> tuple[HostedFunction, list[Any]]:
    given: list[Any] = []

    def invoke(function: FunctionId, value: Any) -> Any:
        given.append((function.slug, value))
        return {"name": "politeness", "score": 0.5}

    return HostedFunction(FunctionId(project_name="bot", slug="judge", version="7"), invoke), given


def test_with_an_input_it_is_a_task() -> None:
    function, given = hosted()
    assert function("question") == {"name": "politeness", "score": 0.5}
    function(a=1)
    assert (given, function.__name__) == (
        [("judge", "question"), ("judge", {"a": 1})],
        "init_function-bot-judge-7",
    )


def test_as_a_scorer_it_is_told_the_case_and_where_its_trace_is() -> None:
    function, given = hosted()
    (scorer,) = prepare_scorers([function])
    values = {
        "input": 1,
        "output": 2,
        "expected": 3,
        "metadata": {"m": 1},
        "tags": ("t",),
        "id": "case-1",
        "trace": Trace(),
        "trial_index": 0,
        "user_data": object(),
    }
    scores = scorer.read(scorer.call(values))
    assert (scorer.name, [(score.name, score.score) for score in scores]) == ("judge", [("politeness", 0.5)])
    assert given == [
        (
            "judge",
            {
                "input": 1,
                "output": 2,
                "expected": 3,
                "metadata": {"m": 1},
                "tags": ["t"],
                "id": "case-1",
                "trace": {"trace_ref": {"object_type": "experiment", "object_id": "e", "root_span_id": "r"}},
            },
        )
    ]
