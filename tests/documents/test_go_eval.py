"""The Go package `eval`: each type and field that concerns code, by what it is in Python."""

from collections.abc import Iterator
from typing import Any

import pytest

from experiment_rows import registered, rows_of
from spanscore import Eval, EvalCase, Evaluator, Score, init_dataset, init_function, scorer
from spanscore.evals import ExperimentResult

pytestmark = pytest.mark.core


def shout(input: str) -> str:
    return f"{input}!"


@scorer("exact-match")
def exact_match(output: str, expected: str) -> float:
    return 1.0 if output == expected else 0.0


CASES = [EvalCase(input="hello", expected="hello!"), EvalCase(input="world", expected="world!")]


def run(
    data: Any = CASES, task: Any = shout, scores: Any = (exact_match,), **options: Any
) -> ExperimentResult:
    return Eval("test-project", data, task, list(scores), quiet=True, **options)


def test_the_example_runs() -> None:
    result = run(experiment_name="example-eval")
    assert (result.summary.experiment, result.summary.scores["exact-match"].mean) == ("example-eval", 1.0)


def test_a_case_has_input_expected_tags_metadata_id_transaction_and_creation() -> None:
    case = EvalCase(
        "in", "out", {"k": 1}, ("t",), id="row-1", _xact_id="1000", created="2026-01-01T00:00:00Z"
    )
    (result,) = run([case], scores=[]).results
    assert (result.input, result.expected, dict(result.metadata), result.tags, result.id) == (
        "in",
        "out",
        {"k": 1},
        ("t",),
        "row-1",
    )


def test_a_dataset_is_an_iterator_that_may_be_lazy() -> None:
    given: list[int] = []

    def lazily() -> Iterator[EvalCase]:
        for number in range(3):
            given.append(number)
            yield EvalCase(str(number))

    assert (run(lazily(), scores=[]).summary.cases, given) == (3, [0, 1, 2])


def test_a_dataset_has_an_id_and_a_version_and_is_queried_by_name_version_and_limit() -> None:
    dataset = init_dataset("test-project", "words")
    dataset.insert(id="a", input="hello", expected="hello!")
    version = dataset.version
    dataset.insert(id="b", input="world", expected="world!")
    earlier = init_dataset("test-project", "words", version=version)
    assert (earlier.id == dataset.id, [row["id"] for row in earlier], run(dataset).summary.cases) == (
        True,
        ["a"],
        2,
    )


def test_an_evaluator_runs_several_evals() -> None:
    evaluator = Evaluator("test-project", CASES, shout, [exact_match], quiet=True)
    first, second = evaluator.run(), evaluator.run(data=CASES[:1])
    assert (first.summary.cases, second.summary.cases, first.experiment.id != second.experiment.id) == (
        2,
        1,
        True,
    )


def test_functions_have_slug_project_version_and_environment() -> None:
    function = init_function("summarise", project="other", version="5878bd218351fb8e").function
    assert (function.slug, function.project_name, function.version) == (
        "summarise",
        "other",
        "5878bd218351fb8e",
    )
    assert init_function("summarise", project="other", environment="dev").function.version is None


def test_options_are_experiment_tags_metadata_update_parallelism_and_quiet(
    capfd: pytest.CaptureFixture[str],
) -> None:
    result = run(experiment_name="opts", tags=["nightly"], metadata={"model": "m"}, max_concurrency=2)
    again = run(experiment_name="opts", update=True)
    stored = registered(result.experiment.id)
    assert (stored["tags"], stored["metadata"], again.experiment.id) == (
        ["nightly"],
        {"model": "m"},
        result.experiment.id,
    )
    assert capfd.readouterr() == ("", "")


def test_a_score_has_name_value_and_metadata() -> None:
    result = run(CASES[:1], scores=[lambda output: Score("accuracy", 0.5, {"why": "half"})])
    (row,) = [row for row in rows_of(result.experiment.id) if row.type == "score"]
    assert (dict(row.scores), row.metadata["accuracy"]) == ({"accuracy": 0.5}, {"why": "half"})


def test_a_scorer_has_a_name_and_returns_one_or_more_scores() -> None:
    @scorer("several")
    def several(output: str) -> list[Score]:
        return [Score("a", 1.0), Score("b", 0.0)]

    assert {name: score.mean for name, score in run(scores=[several]).summary.scores.items()} == {
        "a": 1,
        "b": 0,
    }


def test_hooks_have_the_spans_of_task_and_case_expected_metadata_and_tags() -> None:
    seen: list[Any] = []

    def task(input: str, hooks: Any) -> str:
        hooks.span.log(metadata={"on": "task"})
        hooks.eval_span.log(metadata={"on": "eval"})
        seen.append((hooks.expected, dict(hooks.metadata), list(hooks.tags)))
        return input

    result = run([EvalCase("x", "y", {"k": 1}, ("t",))], task, scores=[])
    rows = {row.type: row.metadata for row in rows_of(result.experiment.id)}
    assert seen == [("y", {"k": 1}, ["t"])]
    assert (rows["task"]["on"], rows["eval"]["on"], rows["eval"]["k"]) == ("task", "eval", 1)


def test_user_data_goes_from_the_task_to_scorers_and_is_not_logged() -> None:
    connection = object()
    seen: list[Any] = []

    def task(input: str, hooks: Any) -> str:
        hooks.user_data = connection
        return input

    def judge(output: str, user_data: Any) -> float:
        seen.append(user_data)
        return 1.0

    result = run(CASES[:1], task, [judge])
    texts = "".join(str(dict(row.fields)) for row in rows_of(result.experiment.id))
    assert (seen == [connection], "user_data" in texts, "object at" in texts) == (True, False, False)


def test_what_a_scorer_is_told_is_input_expected_output_metadata_and_user_data() -> None:
    seen: list[Any] = []

    def judge(input: Any, expected: Any, output: Any, metadata: Any, user_data: Any) -> None:
        seen.append((input, expected, output, dict(metadata), user_data))

    run([EvalCase("hello", "hello!", {"k": 1}, user_data=7)], scores=[judge])
    assert seen == [("hello", "hello!", "hello!", {"k": 1}, 7)]
