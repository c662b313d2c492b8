"""Scorers, classifiers, retries and budgets of an eval as the embedded store has them."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from spanscore import Eval, EvalAsync, current_span, flush, init_logger, start_span
from spanscore.errors import ConfigError, EvalError, ScorerSignatureError
from spanscore.evals import ExperimentResult
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.rows import Row

pytestmark = pytest.mark.core

DATA = [{"input": number, "expected": 2 * number, "id": f"row-{number}"} for number in range(3)]


def double(value: int) -> int:
    return value * 2


def exact(output: int, expected: int) -> bool:
    return output == expected


def rows_of(result: ExperimentResult) -> list[Row]:
    store = SqliteStore(Path(os.environ["SPANSCORE_HOME"]) / "spanscore.db")
    return list(store.rows(Parent(ParentKind.EXPERIMENT_ID, result.experiment.id)))


def roots_of(result: ExperimentResult) -> list[Row]:
    return sorted((row for row in rows_of(result) if row.is_root), key=lambda row: row.start_ns)


def test_classifiers_give_labels_on_the_case_and_a_span_of_their_own() -> None:
    def size(output: int) -> Any:
        return {"id": "l", "label": "large"} if output > 2 else {"id": "s"}

    async def tags(output: int, trace: Any) -> Any:
        await asyncio.sleep(0)
        return [{"id": "a"}, {"id": "b", "name": "other"}, {"id": "a"}] if output else None

    def broken(output: int) -> Any:
        return "text"

    result = Eval("labels", DATA, double, classifiers=[size, tags, broken], quiet=True, max_concurrency=1)
    first, second, third = result.results
    assert first.classifications == {"size": [{"id": "s"}]}
    assert third.classifications == {
        "size": [{"id": "l", "label": "large"}],
        "tags": [{"id": "a"}, {"id": "a"}],
        "other": [{"id": "b"}],
    }
    assert (second.error, dict(second.scores), list(second.classifier_errors)) == (None, {}, ["broken"])
    assert str(second.classifier_errors["broken"]).startswith(
        "When returning structured classifier results, each classification must be a non-empty object."
    )
    assert [failure.where for failure in result.errors] == ["broken"] * 3
    roots = roots_of(result)
    assert [root.classifications for root in roots] == [each.classifications for each in result.results]
    assert [sorted(root.metadata["classifier_errors"]) for root in roots] == [["broken"]] * 3
    spans = [row for row in rows_of(result) if row.type == "classifier"]
    assert {span.name for span in spans} == {"size", "tags", "broken"}
    assert {json.dumps(span.span_attributes["purpose"]) for span in spans} == {'"scorer"'}
    assert result.summary.classifications == {
        "size": {"s": 2, "large": 1},
        "tags": {"a": 4},
        "other": {"b": 2},
    }


def test_a_scorer_and_a_classifier_may_have_one_name() -> None:
    def judge(output: int) -> float:
        return 0.5

    def classifier(output: int) -> dict[str, str]:
        return {"id": "x"}

    classifier.__name__ = "judge"
    result = Eval("names", DATA, double, [judge], classifiers=[classifier], quiet=True)
    assert (dict(result.results[0].scores), result.results[0].classifications) == (
        {"judge": 0.5},
        {"judge": [{"id": "x"}]},
    )


def test_a_case_may_bring_scorers_of_its_own() -> None:
    def special(output: int) -> float:
        return 0.25

    data = [{"input": 1, "expected": 2}, {"input": 2, "expected": 4, "scorers": [special, exact]}]
    result = Eval("own", data, double, [exact], quiet=True)
    assert [dict(each.scores) for each in result.results] == [
        {"exact": 1.0},
        {"exact": 1.0, "special": 0.25, "exact_2": 1.0},
    ]
    assert result.summary.scores["special"].scored == 1
    with pytest.raises(ScorerSignatureError, match="mood"):
        Eval("own", [{"input": 1, "scorers": [lambda output, mood: 1]}], double, [exact], quiet=True)


def test_scorers_get_id_user_data_and_the_trace() -> None:
    seen: list[Any] = []

    def task(value: int, hooks: Any) -> int:
        hooks.user_data = {"connection": hooks.user_data}
        with start_span("lookup", type="tool"):
            current_span().log(output=value)
        return value

    def judge(id: str, user_data: Any, trace: Any) -> float:
        seen.append((id, user_data, [span.name for span in trace.spans(type="tool")]))
        return 1.0

    data = [{"input": 1, "id": "row", "user_data": "db"}]
    result = Eval("given", data, task, [judge], quiet=True)
    assert (result.errors, seen) == ((), [("row", {"connection": "db"}, ["lookup"])])
    assert not any("connection" in json.dumps(row.metadata) for row in rows_of(result))
    assert not any("connection" in str(row.input) for row in rows_of(result))


def test_scores_in_place_of_missing_ones_come_from_the_handler() -> None:
    asked: list[Any] = []

    def task(value: int) -> int:
        if value == 0:
            raise ValueError("zero")
        return 2 * value

    def picky(output: int) -> float:
        if output == 2:
            raise KeyError("two")
        return 1.0

    def handler(root_span: Any, data: Any, unhandled_scores: list[str]) -> dict[str, float]:
        root_span.log(metadata={"handled": True})
        asked.append((data.input, unhandled_scores))
        return dict.fromkeys(unhandled_scores, 0.25)

    result = Eval("handled", DATA, task, [exact, picky], error_score_handler=handler, quiet=True)
    assert sorted(asked) == [(0, ["exact", "picky"]), (1, ["picky"])]
    assert [dict(each.scores) for each in result.results] == [
        {"exact": 0.25, "picky": 0.25},
        {"picky": 0.25, "exact": 1.0},
        {"exact": 1.0, "picky": 1.0},
    ]
    assert [root.scores for root in roots_of(result)][:1] == [{"exact": 0.25, "picky": 0.25}]
    assert {name: score.mean for name, score in result.summary.scores.items()} == {
        "exact": 0.75,
        "picky": 0.5,
    }


def test_a_score_of_the_handlers_is_no_credential_whatever_its_name() -> None:
    def leaks_no_password(output: int) -> float:
        raise KeyError("no")

    def handler(root_span: Any, data: Any, unhandled_scores: list[str]) -> dict[str, float]:
        return dict.fromkeys(unhandled_scores, 0.25)

    result = Eval(
        "named", DATA, lambda value: value, [leaks_no_password], error_score_handler=handler, quiet=True
    )
    assert [root.scores for root in roots_of(result)] == [{"leaks_no_password": 0.25}] * len(DATA)


@pytest.mark.parametrize("no_send_logs", [False, True])
def test_a_handler_replaces_no_score_that_is_there(no_send_logs: bool) -> None:
    def broken(output: int) -> float:
        raise KeyError("no")

    def handler(root_span: Any, data: Any, unhandled_scores: list[str]) -> dict[str, float]:
        return {"given": 0.0, "broken": 0.25}

    def given(output: int) -> float:
        return 1.0

    result = Eval(
        "handled",
        DATA[:1],
        lambda value: value,
        [given, broken],
        error_score_handler=handler,
        no_send_logs=no_send_logs,
        quiet=True,
    )
    assert dict(result.results[0].scores) == {"given": 1.0, "broken": 0.25}
    means = {name: score.mean for name, score in result.summary.scores.items()}
    assert means == {"given": 1.0, "broken": 0.25}


def test_a_handler_that_fails_is_a_failure_of_its_own() -> None:
    def handler(root_span: Any, data: Any, unhandled_scores: list[str]) -> dict[str, float]:
        return {"exact": 7}

    def task(value: int) -> int:
        raise ValueError("always")

    result = Eval("handled", DATA[:1], task, [exact], error_score_handler=handler, quiet=True)
    assert [failure.where for failure in result.errors] == ["task", "error_score_handler"]
    assert "not in 0..1" in str(result.errors[1].error)


def test_the_newest_attempt_counts() -> None:
    tries: dict[int, int] = {}

    def task(value: int) -> int:
        tries[value] = tries.get(value, 0) + 1
        if tries[value] == 1:
            raise ValueError("first try")
        return 2 * value

    result = Eval("tries", DATA, task, [exact], retries=1, quiet=True)
    assert (result.success, result.summary.cases, result.summary.errors) == (True, 3, 0)
    assert result.summary.scores["exact"].mean == 1.0
    attempts = sorted((root.input, root.metadata["attempt"]) for root in roots_of(result))
    assert attempts == [(number, attempt) for number in range(3) for attempt in (1, 2)]


async def call_model(tokens: int, cost: float) -> None:
    with start_span("chat", type="llm") as span:
        span.log(metrics={"tokens": tokens, "estimated_cost": cost})


@pytest.mark.parametrize(
    ("budget", "reason"),
    [
        ({"max_tokens": 250}, "max_tokens=250 are used up"),
        ({"max_cost": 0.025}, "max_cost=0.025 dollars are used up"),
    ],
)
def test_no_case_begins_when_the_budget_is_used_up(budget: Any, reason: str) -> None:
    async def task(value: int) -> int:
        await call_model(100, 0.01)
        return value

    async def judge(output: int) -> float:
        await call_model(10_000, 10.0)  # what judging costs is not the task's
        return 1.0

    data = [{"input": number} for number in range(9)]
    result = Eval("budget", data, task, [judge], max_concurrency=1, quiet=True, **budget)
    assert (result.finished, result.stopped, result.summary.partial) == (3, reason, reason)
    whole = Eval("budget", data[:3], task, [judge], quiet=True)
    assert whole.summary.baseline is None, "what ended before its time is nobody's baseline"
    assert Eval("budget", data[:3], task, [judge], quiet=True).summary.baseline_id == whole.experiment.id
    assert result.results[0].metrics == {"tokens": 100, "estimated_cost": 0.01}


def test_a_failed_task_is_not_tried_again_when_the_budget_is_used_up() -> None:
    def spend(value: int) -> int:
        with start_span("call", type="llm") as span:
            span.log(metrics={"prompt_tokens": 60, "completion_tokens": 40, "tokens": 100})
        raise ValueError(value)

    result = Eval("spent", DATA[:1], spend, [exact], retries=5, max_tokens=50, quiet=True)
    assert (result.results[0].attempt, len(roots_of(result))) == (1, 1)
    assert result.stopped == "max_tokens=50 are used up"


def test_why_an_experiment_is_partial_adds_up_and_can_be_taken_back() -> None:
    result = Eval("partial", DATA, double, [exact], quiet=True)
    store = SqliteStore(Path(os.environ["SPANSCORE_HOME"]) / "spanscore.db")
    told: list[str | None] = []
    for reason in ("a sample", "max_cost is used up", None):
        store.mark_partial(result.experiment.id, reason)
        told.append(store.summarize_experiment(result.experiment.id, baseline=None).partial)
    assert told == ["a sample", "a sample; max_cost is used up", None]


def test_scores_of_the_whole_experiment() -> None:
    def spread(results: Any) -> float:
        return (max(each.output for each in results) - min(each.output for each in results)) / 10

    async def several(results: Any) -> list[Any]:
        return [{"name": "first", "score": 1}, {"name": "second", "score": None}]

    result = Eval("whole", DATA, double, [exact], summary_scores=[spread, several], quiet=True)
    assert {name: score.mean for name, score in result.summary.scores.items()} == {
        "exact": 1.0,
        "spread": 0.4,
        "first": 1.0,
        "second": None,
    }
    with pytest.raises(EvalError, match="summary_score_0 failed: ZeroDivisionError") as caught:
        Eval("whole", DATA, double, [exact], summary_scores=[lambda results: 1 / 0], quiet=True)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_parameters_reach_the_task_and_progress_whoever_asked() -> None:
    events: list[Any] = []
    begun: list[Any] = []

    def task(value: int, hooks: Any) -> int:
        hooks.report_progress({"format": "global", "event": "text_delta", "data": "half"})
        return value * hooks.parameters["factor"]

    result = Eval(
        "parameters",
        DATA[:2],
        task,
        [exact],
        parameters={"factor": 2, "model": {"type": "model", "default": "small"}},
        stream=events.append,
        on_start=begun.append,
        quiet=True,
    )
    assert [each.output for each in result.results] == [0, 2]
    assert sorted(event["id"] for event in events) == ["row-0", "row-1"]
    assert (events[0]["name"], events[0]["data"]) == ("parameters", "half")
    assert [(summary.experiment_id, summary.scores) for summary in begun] == [(result.experiment.id, {})]


def test_without_the_comparison_there_are_the_same_figures() -> None:
    Eval("bare", DATA, double, [exact], quiet=True)
    result = Eval("bare", DATA, double, [exact], summarize_scores=False, quiet=True)
    assert (result.summary.baseline, result.summary.cases) == (None, 3)
    assert result.summary.scores["exact"].mean == 1.0


def test_cases_are_matched_by_another_key_than_the_input_and_clustered() -> None:
    def data(day: str) -> list[Any]:
        return [{"input": {"n": n, "asked": day}, "metadata": {"doc": f"d{n % 2}", "n": n}} for n in range(4)]

    def run(day: str) -> ExperimentResult:
        judges = [lambda output: output["n"] % 2]
        return Eval(
            "keyed", data(day), lambda value: value, judges, comparison_key="metadata.n",
            cluster_key="metadata.doc", quiet=True,
        )  # fmt: skip

    run("monday")
    result = run("tuesday")
    assert (result.summary.matched, result.summary.only_here) == (4, 0)
    assert result.summary.scores["scorer_0"].clusters == 2


@pytest.mark.parametrize("kind", ["span", "text"])
def test_cases_may_be_spans_below_one_of_the_program(kind: str) -> None:
    init_logger(project="playground")

    def task(value: int) -> int:
        with start_span("inner", type="tool"):
            return 2 * value

    def judge(trace: Any) -> float:
        return 0.5 if trace.spans() == [] else 0.0

    with start_span("above") as above:
        given = above if kind == "span" else above.export()
        result = Eval("below", DATA, task, [exact, judge], parent=given, quiet=True)
    flush()
    store = SqliteStore(Path(os.environ["SPANSCORE_HOME"]) / "spanscore.db")
    assert (store.experiments(), result.permalink, result.summary.cases) == ([], "", 3)
    assert {name: score.mean for name, score in result.summary.scores.items()} == {"exact": 1.0, "judge": 0.5}
    rows = list(store.rows(Parent(ParentKind.PROJECT_NAME, "playground")))
    assert {row.root_span_id for row in rows} == {above.root_span_id}
    parents = {row.name: row.span_parents for row in rows}
    assert parents["eval"] == (above.id,)
    assert sorted(row.name for row in rows) == sorted(
        ["above", *("eval", "task", "inner", "exact", "judge") * 3]
    )


def test_a_parent_that_cannot_be_read_is_told_before_the_first_case() -> None:
    ran: list[int] = []
    with pytest.raises(ConfigError, match="no cases can run below the parent of an eval: 'zork'"):
        Eval("below", DATA, ran.append, [], parent="zork", quiet=True)
    assert ran == []


async def test_evals_side_by_side_hold_their_cases_apart() -> None:
    async def run(name: str) -> ExperimentResult:
        def task(value: int) -> str:
            with start_span(f"below {name}"):
                return name

        return await EvalAsync(name, DATA * 5, task, [lambda output: output == name], quiet=True)

    tasks = [asyncio.ensure_future(run(name)) for name in ("a", "b", "c")]
    for result in [await task for task in tasks]:
        rows = rows_of(result)
        assert (result.summary.cases, result.summary.scores["scorer_0"].mean) == (15, 1.0)
        assert {row.name for row in rows if row.name.startswith("below")} == {
            f"below {result.experiment.project}"
        }
