"""`Eval` from the outside: with the embedded store, as a program uses it."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Coroutine
from inspect import signature
from pathlib import Path
from typing import Any, cast

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased

from spanscore import Eval, EvalAsync, Evaluator
from spanscore.errors import ConfigError, DeliveryError, ScorerSignatureError
from spanscore.evals import ExperimentResult, SilentDisplay, eval_session
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent, ParentKind

pytestmark = pytest.mark.core

DATA = [{"input": number, "expected": 2 * number} for number in range(4)]


def double(value: int) -> int:
    return value * 2


async def double_async(value: int) -> int:
    return value * 2


def exact(output: int, expected: int) -> bool:
    return output == expected


def half(output: int) -> float:
    return 0.5


def store() -> SqliteStore:
    return SqliteStore(Path(os.environ["SPANSCORE_HOME"]) / "spanscore.db")


def figures(result: ExperimentResult) -> dict[str, tuple[float | None, int, int, int]]:
    return {
        score.name: (score.mean, score.scored, score.skipped, score.errored)
        for score in result.summary.scores.values()
    }


def test_an_eval_is_stored_and_summed_up() -> None:
    result = Eval(
        "arithmetic",
        DATA,
        double,
        [exact, half],
        experiment_name="first",
        metadata={"model": "m"},
        quiet=True,
    )
    assert (result.experiment.project, result.experiment.name) == ("arithmetic", "first")
    assert (result.success, result.errors, len(result.results)) == (True, (), 4)
    assert (result.summary.cases, result.summary.errors, result.summary.scorer_errors) == (4, 0, 0)
    assert figures(result) == {"exact": (1.0, 4, 0, 0), "half": (0.5, 4, 0, 0)}
    assert result.experiment.name in result.permalink or result.experiment.id in result.permalink
    rows = list(store().rows(Parent(ParentKind.EXPERIMENT_ID, result.experiment.id)))
    names = sorted(str((row.span_attributes or {})["name"]) for row in rows)
    assert names == ["eval"] * 4 + ["exact"] * 4 + ["half"] * 4 + ["task"] * 4


RULES: dict[str, tuple[float | None, float | None]] = {
    "zero": (0.5, 0.25),
    "exclude": (1.0, 0.5),
    "fail": (None, None),
}


@pytest.mark.parametrize("rule", RULES)
def test_errors_count_as_the_rule_says(rule: Any) -> None:
    """Of four cases one errors in its task, one in the scorer `exact` alone; `half` is skipped once."""

    def task(value: int) -> int:
        if value == 0:
            raise ValueError("no zero")
        return value * 2

    def exact(output: int, expected: int) -> bool:
        if output == 2:
            raise KeyError("not two")
        return output == expected

    def half(output: int) -> float | None:
        return None if output == 4 else 0.5

    result = Eval("rules", DATA, task, [exact, half], errors=rule, quiet=True)
    assert (result.success, result.summary.errors, result.summary.scorer_errors) == (False, 1, 1)
    assert [(failure.where, failure.input) for failure in result.errors] == [("task", 0), ("exact", 1)]
    exact_mean, _ = RULES[rule]
    found = {score.name: score for score in result.summary.scores.values()}
    assert (found["exact"].mean, found["exact"].scored_mean) == (exact_mean, 1.0)
    assert (found["exact"].scored, found["exact"].skipped, found["exact"].errored) == (2, 0, 2)
    assert (found["half"].scored, found["half"].skipped, found["half"].errored) == (2, 1, 1)


def test_a_second_run_is_compared_with_the_first() -> None:
    first = Eval("compare", DATA, lambda value: 0, [exact], quiet=True)
    second = Eval("compare", DATA, double, [exact], quiet=True)
    (score,) = second.summary.scores.values()
    assert second.summary.baseline_id == first.experiment.id
    assert score.difference is not None
    assert (score.difference.baseline_mean, score.difference.mean) == (0.25, 1.0)
    assert (score.difference.improvements, score.difference.regressions, score.difference.pairs) == (3, 0, 4)


def test_a_named_baseline_is_the_one_compared_with() -> None:
    Eval("named", DATA, double, [exact], experiment_name="a", quiet=True)
    Eval("named", DATA, double, [exact], experiment_name="b", quiet=True)
    result = Eval("named", DATA, double, [exact], base_experiment="a", quiet=True)
    assert result.summary.baseline == "a"


@pytest.mark.parametrize("task", [double, double_async])
async def test_in_a_running_loop_it_is_a_task_to_be_awaited(task: Any) -> None:
    running = Eval("loop", DATA, task, [exact], quiet=True)
    assert isinstance(running, asyncio.Task)
    result = await cast("asyncio.Task[ExperimentResult]", running)
    assert figures(result) == {"exact": (1.0, 4, 0, 0)}


async def test_the_async_form_is_a_coroutine() -> None:
    running = EvalAsync("coroutine", DATA, double_async, [exact], quiet=True)
    assert isinstance(running, Coroutine)
    assert figures(await running) == {"exact": (1.0, 4, 0, 0)}


async def test_in_another_thread_it_is_the_result_though_a_loop_runs_here() -> None:
    results: list[ExperimentResult] = []
    thread = threading.Thread(
        target=lambda: results.append(Eval("thread", DATA, double_async, [exact], quiet=True))
    )
    thread.start()
    await asyncio.get_running_loop().run_in_executor(None, thread.join)
    assert [figures(result) for result in results] == [{"exact": (1.0, 4, 0, 0)}]


def test_a_session_collects_results_and_chooses_the_reporter() -> None:
    shown: list[ExperimentResult] = []

    class Showing(SilentDisplay):
        def show(self, result: ExperimentResult) -> None:
            shown.append(result)

    with eval_session(display=Showing()) as session:
        first = Eval("session", DATA, double, [exact])
        second = Eval("session", DATA, double, [exact])
    assert session.results == shown == [first, second]


def test_outside_a_terminal_it_prints_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    result = Eval("printed", DATA, double, [exact], experiment_name="x")
    out, err = capsys.readouterr()
    assert err == "running printed/x: 4 cases\n"
    lines = out.splitlines()
    assert lines[0].startswith("printed/x: 4 cases, ")
    assert lines[1].split() == ["score", "mean", "95", "%", "interval", "scored"]
    assert lines[2].split()[:3] == ["exact", "100.00", "%"]
    assert lines[-1] == f"see {result.permalink}"


def test_quiet_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    Eval("quiet", DATA, double, [exact], quiet=True)
    assert capfd.readouterr() == ("", "")


def test_what_cannot_be_used_is_refused() -> None:
    with pytest.raises(ConfigError, match="trial_count is 0"):
        Eval("refused", DATA, double, [exact], trial_count=0)
    with pytest.raises(ScorerSignatureError, match="mood"):
        Eval("refused", DATA, double, [lambda output, mood: 1])
    with pytest.raises(TypeError, match="is_pubic"):
        Eval("refused", DATA, double, [exact], is_pubic=True)  # type: ignore[call-arg]
    assert store().experiments() == []


def test_an_eval_without_scores_and_classifiers_is_refused_but_not_one_with_an_empty_list() -> None:
    with pytest.raises(ConfigError, match="neither scores nor classifiers"):
        Eval("refused", DATA, double)
    assert store().experiments() == []
    assert Eval("taken", DATA, double, [], quiet=True).summary.cases == 4


def test_the_arguments_of_eval_are_those_of_its_async_form_and_of_an_evaluator() -> None:
    def arguments(function: Any) -> list[tuple[str, Any]]:
        found = signature(function).parameters.values()
        return [(parameter.name, parameter.default) for parameter in found]

    assert arguments(Eval) == arguments(EvalAsync) == arguments(Evaluator)


OFFICIAL = """name data task scores classifiers experiment_name trial_count metadata tags is_public update
reporter timeout max_concurrency project_id base_experiment_name base_experiment_id git_metadata_settings
repo_info
error_score_handler description summarize_scores no_send_logs parameters on_start stream parent state
enable_cache cancel_event"""


def test_the_arguments_of_the_official_sdk_come_first() -> None:
    assert " ".join(signature(Eval).parameters).startswith(" ".join(OFFICIAL.split()))


def test_every_row_is_there_though_the_users_provider_samples_hardly_any() -> None:
    provider = TracerProvider(sampler=TraceIdRatioBased(0.1))
    trace.set_tracer_provider(provider)
    result = Eval("sampled", [{"input": n} for n in range(50)], double, [half], quiet=True)
    provider.shutdown()
    assert (result.summary.cases, figures(result)) == (50, {"half": (0.5, 50, 0, 0)})


def test_without_kept_results_the_summary_is_the_same() -> None:
    result = Eval("flat", (row for row in DATA), double, [exact], keep_results=False, quiet=True)
    assert (result.results, result.summary.cases) == ((), 4)
    assert figures(result) == {"exact": (1.0, 4, 0, 0)}


def test_trials_are_cases_of_their_own() -> None:
    result = Eval("trials", DATA, double, [exact], trial_count=3, quiet=True)
    assert (result.summary.cases, figures(result)) == (12, {"exact": (1.0, 12, 0, 0)})


INTERRUPTED = """
import asyncio, sys
from spanscore import Eval

async def task(value):
    if value >= 3:
        print("hanging", flush=True)
        await asyncio.Event().wait()
    return value

Eval("interrupted", [{"input": n} for n in range(9)], task, [lambda output: 1], max_concurrency=1, quiet=True)
"""


def test_ctrl_c_keeps_what_is_finished() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"hanging\n"
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode != 0
    (listing,) = store().experiments(project="interrupted")
    assert stderr.decode().splitlines()[-1] == (
        f"KeyboardInterrupt: stopped; 3 cases are kept in interrupted/{listing.ref.name}; "
        f"go on with: spanscore eval FILE --resume {listing.ref.name}"
    )
    rows = store().rows(Parent(ParentKind.EXPERIMENT_ID, listing.ref.id))
    assert sum(row.is_root for row in rows) == 3
    partial = store().summarize_experiment(listing.ref.id, baseline=None).partial
    assert partial == "the run was interrupted"


SLOW_CLEANUP = """
import asyncio
from spanscore import Eval

async def task(value):
    try:
        print("hanging", flush=True)
        await asyncio.Event().wait()
    finally:
        print("cleaning up", flush=True)
        await asyncio.Event().wait()

Eval("slow", [{"input": 1}], task, [], quiet=True)
"""


def test_a_second_ctrl_c_does_not_wait_for_cleanup() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_CLEANUP], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    for line in (b"hanging\n", b"cleaning up\n"):
        assert process.stdout.readline() == line
        process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode != 0
    assert b"KeyboardInterrupt" in stderr


async def test_evals_side_by_side_do_not_wait_for_each_other() -> None:
    def run(name: str) -> Any:
        cases = [{"input": number, "expected": number} for number in range(50)]
        return EvalAsync(
            name, cases, lambda value: value, [lambda output, expected: output == expected], quiet=True
        )

    tasks = [asyncio.ensure_future(run(f"side-{number}")) for number in range(4)]
    results = [await task for task in tasks]
    assert [result.summary.cases for result in results] == [50] * 4


@pytest.mark.parametrize(
    ("variable", "value"), [("OTEL_SDK_DISABLED", "true"), ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "2")]
)
def test_eval_whose_spans_do_not_arrive_is_no_success(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(DeliveryError, match="1 case ran, but the store has 0 of them"):
        Eval("p", [{"input": 1}], lambda value: value, [lambda output: 1], quiet=True)
