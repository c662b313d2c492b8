"""Evals that go on with an earlier experiment, choose what fails in it, or score it again."""

import asyncio
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from spanscore import BaseExperiment, Eval, traced
from spanscore.api._score_again import score_again
from spanscore.errors import ConfigError
from spanscore.evals import CaseTrace, ExperimentResult, Look, Overrides, SilentDisplay, eval_session
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.rows import Row

pytestmark = pytest.mark.core

CASES: list[dict[str, Any]] = [{"input": number, "expected": number} for number in range(6)]


def exact(output: int, expected: int) -> bool:
    return output == expected


def run(
    task: Any, scores: Sequence[Any] = (exact,), *, data: Any = CASES, name: str = "run", **overrides: Any
) -> ExperimentResult:
    """Run an eval as `spanscore eval` does with these flags."""
    with eval_session(display=SilentDisplay(), overrides=Overrides(**overrides)):
        return Eval("p", data, task, [*scores], experiment_name=name, max_concurrency=2)


def store() -> SqliteStore:
    return SqliteStore(Path(os.environ["SPANSCORE_HOME"]) / "spanscore.db")


def rows_of(result: ExperimentResult, kind: str = "eval") -> list[Row]:
    rows = store().rows(Parent(ParentKind.EXPERIMENT_ID, result.experiment.id))
    return [row for row in rows if row.type == kind]


class Counting:
    """A task that fails for some inputs and notes what it was called with."""

    def __init__(self, fails: Callable[[int], bool] = lambda _number: False) -> None:
        self.fails = fails
        self.called: list[int] = []

    def task(self) -> Callable[[int], int]:
        """A function with the same code each time, whatever fails."""
        called, fails = self.called, [self.fails]

        def answer(number: int) -> int:
            called.append(number)
            if fails[0](number):
                raise ValueError(f"cannot do {number}")
            return number

        return answer


def test_only_what_is_missing_runs(caplog: pytest.LogCaptureFixture) -> None:
    first, second = Counting(), Counting()
    begun = run(first.task(), first=4)
    assert begun.summary.partial == "the first 4"

    ended = run(second.task(), resume="run")

    assert sorted(second.called) == [4, 5]
    assert ended.experiment == begun.experiment
    assert (ended.summary.cases, ended.finished, ended.skipped) == (6, 2, 4)
    assert ended.summary.partial is None
    assert ended.summary.scores["exact"].mean == 1
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert told == ["p/run: finished trials: 4; kept as they are: 4"]


def test_nothing_runs_where_nothing_is_missing() -> None:
    run(Counting().task())
    second = Counting()
    result = run(second.task(), resume="p/run")
    assert (second.called, result.skipped, result.summary.cases) == ([], 6, 6)


def test_trials_of_equal_inputs_are_told_apart() -> None:
    data = [{"input": 1, "expected": 1}] * 5
    run(Counting().task(), data=data, first=2)
    second = Counting()
    result = run(second.task(), data=data, resume="run")
    assert (len(second.called), result.summary.cases) == (3, 5)
    assert sorted(row.metadata["trial_index"] for row in rows_of(result)) == [0, 1, 2, 3, 4]


def test_errors_are_kept_by_resume_and_tried_again_by_retry_errors() -> None:
    first = run(Counting(lambda number: number % 2 == 1).task())
    assert first.summary.scores["exact"].mean == 0.5

    kept = Counting()
    assert run(kept.task(), resume="run").summary.errors == 3
    assert kept.called == []

    again = Counting(lambda number: number == 5)
    result = run(again.task(), retry_errors="run")
    assert sorted(again.called) == [1, 3, 5]
    assert (result.summary.cases, result.summary.errors) == (6, 1)
    assert result.summary.scores["exact"].mean == pytest.approx(5 / 6)
    attempts = sorted((row.input, row.metadata["attempt"]) for row in rows_of(result))
    assert attempts == [(0, 1), (1, 1), (1, 2), (2, 1), (3, 1), (3, 2), (4, 1), (5, 1), (5, 2)]


def test_a_changed_task_runs_everything_again(caplog: pytest.LogCaptureFixture) -> None:
    run(Counting().task())
    called: list[int] = []

    def another(number: int) -> int:
        called.append(number)
        return -number

    result = run(another, resume="run")
    assert sorted(called) == [0, 1, 2, 3, 4, 5]
    assert result.summary.cases == 6
    assert result.summary.scores["exact"].mean == pytest.approx(1 / 6)
    assert caplog.messages == [
        "p/run: finished trials: 6; kept as they are: 0; run again since the task has changed: 6"
    ]


def test_a_new_scorer_scores_the_stored_outputs(caplog: pytest.LogCaptureFixture) -> None:
    run(Counting(lambda number: number == 0).task())
    second = Counting()

    def small(output: int, expected: int) -> bool:
        return output == expected < 3

    result = run(second.task(), [exact, small], resume="run")
    assert second.called == []
    assert (result.summary.cases, result.summary.errors) == (6, 1)
    assert {name: score.mean for name, score in result.summary.scores.items()} == {
        "exact": pytest.approx(5 / 6),
        "small": pytest.approx(2 / 6),
    }
    assert "their stored outputs scored again since small is new or has changed: 5" in caplog.text


def test_parameters_are_part_of_the_task() -> None:
    pytest.importorskip("jsonschema", reason="parameters by a JSON schema are an extra")
    called: list[str] = []

    def task(number: int, hooks: Any) -> int:
        called.append(hooks.parameters["model"])
        return number

    def asked(**overrides: Any) -> ExperimentResult:
        with eval_session(display=SilentDisplay(), overrides=Overrides(**overrides)):
            parameters = {"model": {"type": "string", "default": "a"}}
            return Eval("p", CASES, task, [exact], experiment_name="run", parameters=parameters)

    result = asked(parameters={"model": "b"}, first=1)
    asked(parameters={"model": "b"}, resume="run", first=1)
    asked(parameters={"model": "c"}, resume="run", first=1)
    assert called == ["b", "c"]
    assert rows_of(result)[0].metadata["fingerprints"] != rows_of(result)[1].metadata["fingerprints"]


def test_the_failing_ones_of_an_experiment() -> None:
    run(Counting(lambda number: number == 1).task(), [lambda output: output != 4])
    second = Counting()
    result = run(second.task(), failing="p/run", name="again")
    assert sorted(second.called) == [1, 4]
    assert result.summary.partial == "those that fail in p/run"
    assert result.experiment.name == "again"


def test_subsets_are_marked_and_are_nobodys_baseline() -> None:
    full = run(Counting().task(), name="full")
    part = run(Counting().task(), name="part", sample=2, seed=3, filters=(("expected", "[1-5]"),))
    assert part.summary.cases == 2
    assert part.summary.partial == "those with expected=[1-5], a sample of 2 (seed 3)"
    assert run(Counting().task(), name="next").summary.baseline_id == full.experiment.id


def left_out(data: Any, **overrides: Any) -> list[str]:
    """What is said of an eval that has not run, with these flags."""
    with eval_session(display=SilentDisplay(), overrides=Overrides(**overrides)) as session:
        result = Eval("p", data, lambda input: input, [exact])
    assert (result.summary.cases, session.ended) == (0, [])
    assert [str(left.why) for left in session.left_out] == [result.stopped]
    return [f"{left.name}: {left.why}" for left in session.left_out]


def test_unknown_experiments_are_said_before_anything_is_made() -> None:
    run(Counting().task())
    for flag in ("resume", "retry_errors", "failing"):
        said = "p: no experiment 'none' in project 'p'; the newest are p/run"
        assert left_out(CASES, **{flag: "none"}) == [said]
    with pytest.raises(ConfigError, match="no store to find 'run' in"):
        run(Counting().task(), resume="run", no_send_logs=True)
    assert [each.ref.name for each in store().experiments()] == ["run"]


def test_two_evals_do_not_go_on_with_one_experiment() -> None:
    run(Counting().task())
    with eval_session(display=SilentDisplay(), overrides=Overrides(resume="run")):
        Eval("p", CASES, Counting().task(), [exact])
        with pytest.raises(ConfigError, match="another eval of this run has gone on with p/run already"):
            Eval("p", [{"input": 9}], Counting().task(), [exact])
    assert store().experiments()[0].cases == 6


def scored(reference: str, *scores: Any, **options: Any) -> ExperimentResult:
    return asyncio.run(score_again(reference, scores, look=Look(quiet=True), **options))


def test_an_experiment_is_scored_again_without_its_task() -> None:
    first = Counting(lambda number: number == 0)
    data = [{**case, "metadata": {"half": case["input"] / 2}, "tags": ["t"]} for case in CASES]
    old = run(first.task(), data=data)

    def close(output: int, expected: int, metadata: dict[str, float], tags: list[str]) -> float:
        return float(metadata["half"] * 2 == output == expected) / len(tags)

    new = scored("p/run", close, exact)

    assert len(first.called) == 6
    assert (new.experiment.name, new.summary.baseline_id) == ("run-rescored", old.experiment.id)
    assert (new.summary.cases, new.summary.errors, new.error_count) == (6, 1, 1)
    assert {name: score.mean for name, score in new.summary.scores.items()} == {
        "close": pytest.approx(5 / 6),
        "exact": pytest.approx(5 / 6),
    }
    difference = new.summary.scores["exact"].difference
    assert difference is not None
    assert (difference.difference, difference.pairs) == (0, 6)
    assert rows_of(new, "task") == []
    before = {row.input: row for row in rows_of(old)}
    for row in rows_of(new):
        stored = before[row.input]
        assert (row.output, row.expected, row.tags) == (stored.output, stored.expected, stored.tags)
        assert row.metadata["case_key"] == stored.metadata["case_key"]
        assert row.metadata["half"] == row.input / 2
        assert row.origin == {"object_type": "experiment", "object_id": old.experiment.id, "id": stored.id}
    assert [row.error for row in rows_of(new) if row.input == 0] == ["ValueError: cannot do 0"]


@traced(type="tool")
def looked_up(number: int) -> int:
    return number


def test_scorers_ask_for_the_stored_trace() -> None:
    run(lambda number: looked_up(number), [lambda output: 1])

    def looked(trace: CaseTrace) -> bool:
        (span,) = trace.spans(type="tool")
        return span.name == "looked_up" and not trace.spans(name="scorer_0")

    result = scored("run", looked, experiment_name="by trace")
    assert result.experiment.name == "by trace"
    assert result.summary.scores["looked"].mean == 1
    assert result.success


def test_a_scored_experiment_can_be_scored_again() -> None:
    run(Counting().task())
    scored("run", exact)
    third = scored("run-rescored", exact)
    assert third.experiment.name == "run-rescored-rescored"
    assert third.summary.cases == 6


def test_where_no_case_is_chosen_there_is_no_experiment() -> None:
    fine = run(lambda input: input, name="fine")
    assert left_out(CASES, filters=(("input", "7"),)) == [
        "p: --filter input=7 chooses no case; of 6 cases input is 0 in 1, 1 in 1, 2 in 1, 3 in 1, 4 in 1, "
        "1 other value"
    ]
    assert left_out([], first=3) == ["p: --first 3 chooses no case; the data has no cases"]
    assert left_out(iter(CASES), failing="fine") == [
        "p: --failing fine chooses no case; no input fails in fine"
    ]
    failing = run(lambda input: input + 1, name="failing", data=CASES[:2])
    assert left_out(CASES[2:], failing="failing") == [
        "p: --failing failing chooses no case; inputs that fail in failing: 2; "
        "none of them is in the data, which has 4"
    ]
    assert left_out(CASES, filters=(("input", "7"),), no_send_logs=True)[0].startswith("p: --filter input=7")
    assert {each.ref.id for each in store().experiments()} == {fine.experiment.id, failing.experiment.id}


def test_of_the_cases_of_an_experiment_none_may_be_chosen() -> None:
    run(lambda input: input, name="fine")
    said = left_out(BaseExperiment("fine"), filters=(("input", "7"),))
    assert said[0].startswith("p: --filter input=7 chooses no case; of 6 cases input is")


def test_cases_that_the_data_no_longer_has_are_said_to_count() -> None:
    run(lambda input: input)
    fewer = [*CASES[2:], {"input": 9, "expected": 9}]
    resumed = run(lambda input: input, data=fewer, resume="run")
    gone = "2 finished trials are of inputs that the data no longer has; they still count in these figures"
    assert (resumed.summary.cases, resumed.notes) == (7, (gone,))
    assert run(lambda input: input, data=fewer, resume="run", first=1).notes == ()
    assert run(lambda input: input, data=[*CASES, *fewer], resume="run").notes == ()
