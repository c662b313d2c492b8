"""The design of the Ruby Eval API: each decision of it, as it is in Python."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from experiment_rows import rows_of
from spanscore import Eval, Score, scorer
from spanscore.errors import ScoreError, ScorerSignatureError
from spanscore.evals import ExperimentResult

pytestmark = pytest.mark.core

CASES = [
    {"input": "apple", "expected": "fruit"},
    {"input": "carrot", "expected": "vegetable", "tags": ["root"], "metadata": {"category": "produce"}},
]


def classify(input: str) -> str:
    return "fruit"


def exact_match(input: Any, expected: Any, output: Any) -> float:
    return 1.0 if output == expected else 0.0


def run(
    data: Any = CASES, task: Any = classify, scores: Any = (exact_match,), **options: Any
) -> ExperimentResult:
    return Eval("ruby", data, task, list(scores), quiet=True, **options)


class Classifier:
    """A task with a configuration."""

    def __init__(self, answer: str) -> None:
        self.answer = answer

    def __call__(self, input: str) -> str:
        return self.answer

    def method(self, input: str) -> str:
        return self.answer


@pytest.mark.parametrize(
    "task",
    [lambda input: "fruit", Classifier("fruit"), Classifier("fruit").method, classify],
    ids=["lambda", "object", "method", "function"],
)
def test_decision_1_a_task_is_anything_callable(task: Any) -> None:
    assert run(task=task).summary.scores["exact_match"].mean == 0.5


def test_decision_1_what_is_not_callable_is_an_error_before_the_first_case() -> None:
    with pytest.raises(ScorerSignatureError, match="the task is a str"):
        run(task="classify")


def test_decision_2_a_scorer_takes_three_values_or_metadata_too() -> None:
    def threshold(input: Any, output: Any, expected: Any, metadata: Any) -> float:
        return 1.0 if metadata.get("category") == "produce" else 0.0

    result = run(scores=[exact_match, threshold])
    assert [dict(each.scores) for each in result.results] == [
        {"exact_match": 1.0, "threshold": 0.0},
        {"exact_match": 0.0, "threshold": 1.0},
    ]


def test_decision_2_names_decide_and_other_names_get_input_output_expected_in_this_order() -> None:
    """Ruby has input, expected, output; the vendor's documentation has output second."""
    seen: list[Any] = []
    run(CASES[:1], task=lambda input: "out", scores=[lambda a, b, c: seen.append((a, b, c))])
    assert seen == [("apple", "out", "fruit")]


@pytest.mark.parametrize(
    ("returned", "scores"),
    [
        (0.5, {"nlp": 0.5}),
        (1, {"nlp": 1.0}),
        ({"name": "cosine", "score": 0.85}, {"cosine": 0.85}),
        ({"score": 0.85}, {"nlp": 0.85}),
        (
            [{"name": "bleu", "score": 0.1}, Score("rouge", 0.2), {"name": "meteor", "score": None}],
            {"bleu": 0.1, "rouge": 0.2, "meteor": None},
        ),
    ],
)
def test_decision_3_what_a_scorer_returns_is_normalised(returned: Any, scores: dict[str, Any]) -> None:
    (result,) = run(CASES[:1], scores=[scorer("nlp", lambda output: returned)]).results
    assert dict(result.scores) == scores


def test_decision_3_anything_else_is_that_scorers_error() -> None:
    (result,) = run(CASES[:1], scores=[scorer("nlp", lambda output: "good")]).results
    assert isinstance(result.scorer_errors["nlp"], ScoreError)


class Judge:
    """A scorer with a name and a configuration."""

    name = "llm_judge"

    def __call__(self, input: Any, expected: Any, output: Any, metadata: Any = None) -> float:
        return 0.5


def test_decision_4_scorers_have_names_of_their_own_or_are_given_one() -> None:
    scores = [scorer("exact", exact_match), scorer("fuzzy", Judge()), Judge()]
    assert list(run(scores=scores).summary.scores) == ["exact", "fuzzy", "llm_judge"]


def lazily() -> Iterator[dict[str, Any]]:
    yield from CASES


@pytest.mark.parametrize(
    "cases", [CASES, tuple(CASES), lazily, iter(CASES)], ids=["list", "tuple", "generator", "iterator"]
)
def test_decision_5_cases_are_a_list_or_anything_that_gives_them(cases: Any) -> None:
    assert [each.input for each in run(cases).results] == ["apple", "carrot"]


def test_decision_6_the_result_tells_what_came_of_it() -> None:
    result = run(experiment_name="food")
    assert (result.success, result.errors, result.experiment.name, result.experiment.project) == (
        True,
        (),
        "food",
        "ruby",
    )
    assert (result.permalink != "", result.duration_s > 0, "food" in repr(result)) == (True, True, True)


def test_decision_7_all_errors_are_collected_and_none_is_raised() -> None:
    def task(input: str) -> str:
        if input == "apple":
            raise KeyError(input)
        return "vegetable"

    def broken(output: str) -> float:
        raise ValueError("no judge")

    result = run(task=task, scores=[broken, exact_match])
    assert [str(error) for error in result.errors] == [
        "task: KeyError: 'apple'",
        "broken: ValueError: no judge",
    ]
    assert (result.success, dict(result.results[1].scores)) == (False, {"exact_match": 1.0})


def test_decision_8_cases_run_side_by_side() -> None:
    both = threading.Barrier(2, timeout=30)

    def task(input: str) -> int:
        return both.wait()

    assert run(task=task, scores=[], max_concurrency=2).success


def test_notes_the_spans_of_a_case() -> None:
    rows = {row.name: row for row in rows_of(run(CASES[1:]).experiment.id)}
    assert {name: row.type for name, row in rows.items()} == {
        "eval": "eval",
        "task": "task",
        "exact_match": "score",
    }
    case, task, score = rows["eval"], rows["task"], rows["exact_match"]
    assert (case.input, case.output, case.expected, case.tags) == ("carrot", "fruit", "vegetable", ["root"])
    assert (task.input, task.output, dict(score.scores)) == ("carrot", "fruit", {"exact_match": 0.0})
    assert {task.parent_span_id, score.parent_span_id} == {case.span_id}


def test_future_summary_statistics_are_there() -> None:
    score = run().summary.scores["exact_match"]
    assert (score.mean, score.interval is not None) == (0.5, True)
