"""The Go package `eval`: each type and field that concerns code, by what it is in Python."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from experiment_rows import registered, rows_of
from http_sink import Answer, HttpSink, Request
from spanscore import Eval, EvalCase, Evaluator, Score, init_dataset, init_function, scorer, setup
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
    dataset = init_dataset("test-project", "rows")
    dataset.insert(id="a", input="in")
    (row,), (of_a_row,) = list(dataset), run(dataset, scores=[]).results
    origin = dict(of_a_row.origin or {})
    assert origin == {
        "object_type": "dataset",
        "object_id": dataset.id,
        "id": "a",
        "_xact_id": row["_xact_id"],
        "created": row["created"],
    }
    assert dataset.version == row["_xact_id"]


def test_a_dataset_is_an_iterator_that_may_be_lazy() -> None:
    told: list[str] = []

    def lazily() -> Iterator[EvalCase]:
        for number in range(3):
            told.append(f"case {number}")
            yield EvalCase(str(number))

    def task(input: str) -> str:
        told.append(f"task {input}")
        return input

    assert run(lazily(), task, scores=[], max_concurrency=1).summary.cases == 3
    assert told.index("task 0") < told.index("case 2")


def test_a_dataset_has_an_id_and_a_version_and_is_queried_by_name_version_and_limit() -> None:
    dataset = init_dataset("test-project", "words")
    dataset.insert(id="a", input="hello", expected="hello!")
    version = dataset.version
    dataset.insert(id="b", input="world", expected="world!")
    earlier = init_dataset("test-project", "words", version=version)
    assert (earlier.id, earlier.version, [row["id"] for row in earlier]) == (dataset.id, version, ["a"])
    by_id = init_dataset(dataset_id=dataset.id)
    limited = init_dataset("test-project", "words", limit=1)
    assert [run(each).summary.cases for each in (dataset, by_id, limited, earlier)] == [2, 2, 1, 1]


def test_an_evaluator_runs_several_evals() -> None:
    evaluator = Evaluator("test-project", CASES, shout, [exact_match], quiet=True)
    first, second = evaluator.run(), evaluator.run(data=CASES[:1])
    assert (first.summary.cases, second.summary.cases, first.experiment.id != second.experiment.id) == (
        2,
        1,
        True,
    )


def test_functions_have_slug_project_version_and_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(request: Request) -> Answer:
        if request.method == "GET":
            return Answer(body=b'{"objects": [{"id": "f1", "_xact_id": "77"}]}')
        told = json.loads(request.body)
        output = {"summary": told["input"]["text"]} if told.get("slug") == "summarise" else 1
        return Answer(body=json.dumps(output).encode())

    with HttpSink() as server:
        server.answer = answer
        monkeypatch.setenv("BRAINTRUST_API_URL", server.url)
        monkeypatch.setenv("BRAINTRUST_API_KEY", "sk-1")
        setup(destinations=["local"])
        task = init_function("summarise", project="other", version="5878bd218351fb8e")
        judge = init_function("judge", project="other", environment="dev")
        (result,) = run([EvalCase({"text": "long"})], task, [judge]).results
        first, pinned, second = server.requests
    assert (result.output, dict(result.scores)) == ({"summary": "long"}, {"judge": 1.0})
    asked, told = json.loads(first.body), json.loads(second.body)
    assert (asked["slug"], asked["project_name"], asked["version"]) == (
        "summarise",
        "other",
        "5878bd218351fb8e",
    )
    assert pinned.path == "/v1/function?project_name=other&slug=judge&environment=dev"
    assert (told["function_id"], told["version"], told["input"]["output"]) == (
        "f1",
        "77",
        {"summary": "long"},
    )


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
