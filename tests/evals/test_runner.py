"""The run as a whole: order, concurrency, laziness, what stops it."""

import asyncio
import sys
import threading
import weakref
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from spanscore.errors import CaseError, ConfigError, EvalError, NotFoundError, ScorerSignatureError
from spanscore.evals import EvalOptions, ExperimentResult, SilentDisplay, run_eval
from spanscore.store import SqliteStore
from spanscore.testing import RecordedRecords, recorded_spans

pytestmark = pytest.mark.core


def rows(count: int) -> list[dict[str, Any]]:
    return [{"input": number} for number in range(count)]


async def same(value: Any) -> Any:
    return value


async def test_results_stand_in_the_order_of_the_data(ran: Any) -> None:
    async def later_first(value: int) -> int:
        for _ in range(10 - value):
            await asyncio.sleep(0)
        return value * 2

    result, _ = await ran(rows(10), later_first)
    assert [(each.input, each.output) for each in result.results] == [(n, 2 * n) for n in range(10)]


async def test_trials_are_traces_of_their_own_in_the_order_of_their_case(ran: Any) -> None:
    data = [{"input": "a"}, {"input": "b", "trial_count": 1}]
    result, spans = await ran(data, same, trial_count=3)
    assert [(each.input, each.trial_index) for each in result.results] == [
        ("a", 0),
        ("a", 1),
        ("a", 2),
        ("b", 0),
    ]
    assert len({span.context.trace_id for span in spans if span.name == "eval"}) == 4


@pytest.mark.parametrize("kind", ["async", "plain"])
@pytest.mark.parametrize("limit", [1, 3])
async def test_no_more_cases_run_at_once_than_allowed(ran: Any, kind: str, limit: int) -> None:
    lock = threading.Lock()
    running = most = 0
    full = threading.Barrier(limit)

    def enter() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)

    def leave() -> None:
        nonlocal running
        with lock:
            running -= 1

    async def asynchronous(value: int) -> None:
        enter()
        for _ in range(20):
            await asyncio.sleep(0)
        leave()

    def plain(value: int) -> None:
        enter()
        full.wait(10)
        leave()

    result, _ = await ran(rows(12), asynchronous if kind == "async" else plain, max_concurrency=limit)
    assert (most, running, result.success) == (limit, 0, True)


@pytest.mark.parametrize("kind", ["plain", "async"])
async def test_the_source_is_read_no_further_ahead_than_cases_run(ran: Any, kind: str) -> None:
    concurrency = 4
    read = finished = furthest = 0

    def plain() -> Iterator[Any]:
        nonlocal read, furthest
        for number in range(100):
            read += 1
            furthest = max(furthest, read - finished)
            yield {"input": number}

    async def asynchronous() -> AsyncIterator[Any]:
        for row in plain():
            yield row

    async def task(value: int) -> None:
        nonlocal finished
        await asyncio.sleep(0)
        finished += 1

    data = plain if kind == "plain" else asynchronous
    result, _ = await ran(data, task, max_concurrency=concurrency)
    assert (len(result.results), furthest <= 2 * concurrency) == (100, True)


async def test_without_results_nothing_of_a_case_stays_in_memory(ran: Any) -> None:
    class Big:
        """Something that can be watched."""

    alive: weakref.WeakSet[Big] = weakref.WeakSet()
    most = 0

    def data() -> Iterator[Any]:
        nonlocal most
        for _ in range(200):
            big = Big()
            alive.add(big)
            most = max(most, len(alive))
            yield {"input": big}

    def task(value: Big) -> int:
        return 1

    result, _ = await ran(data, task, [lambda output: 1.0], keep_results=False, max_concurrency=4)
    assert (result.results, most <= 16) == ((), True)


async def test_an_error_in_the_data_is_raised_after_what_has_begun_is_finished_and_committed(
    tmp_path: Path,
) -> None:
    boom = OSError("disk")
    committed: list[int] = []

    def data() -> Iterator[Any]:
        yield from rows(5)
        raise boom

    recorded: RecordedRecords
    options = EvalOptions(project="p", data=data, task=same, scores=[])
    with recorded_spans() as recorded, pytest.raises(OSError, match="disk") as caught:
        await run_eval(
            options,
            backend=SqliteStore(tmp_path / "store.db"),
            commit=lambda: committed.append(len(recorded.spans)),
            display=SilentDisplay(),
        )
    assert caught.value is boom
    assert committed == [10]
    if sys.version_info >= (3, 11):
        assert "5 cases had finished and are kept: " in boom.__notes__[0]


async def test_a_case_that_cannot_be_read_stops_the_eval(ran: Any) -> None:
    with pytest.raises(CaseError, match="case 3 of the data has no input"):
        await ran([*rows(2), {"question": 1}], same)


REFUSED: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "a task of three": ({"task": lambda a, b, c: a}, ScorerSignatureError),
    "a scorer of the unknown": ({"scores": [lambda output, mood: 1]}, ScorerSignatureError),
    "data that is none": ({"data": 3}, EvalError),
    "a baseline that does not exist": ({"baseline": "nowhere"}, NotFoundError),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_cannot_work_is_refused_before_the_first_case(ran: Any, name: str) -> None:
    called: list[Any] = []
    given, error = REFUSED[name]
    options: dict[str, Any] = {"data": rows(1), "task": called.append, "scores": [], **given}
    with pytest.raises(error):
        await ran(**options)
    assert called == []


async def test_a_cancelled_eval_commits_what_is_finished_and_stops(tmp_path: Path) -> None:
    committed: list[int] = []
    finished: list[int] = []
    hanging = asyncio.Event()

    async def task(value: int) -> None:
        if value >= 3:
            hanging.set()
            await asyncio.Event().wait()
        finished.append(value)

    options = EvalOptions(project="p", data=rows(100), task=task, scores=[], max_concurrency=2)
    with recorded_spans() as recorded:
        running = asyncio.ensure_future(
            run_eval(
                options,
                backend=SqliteStore(tmp_path / "store.db"),
                commit=lambda: committed.append(sum(span.name == "eval" for span in recorded.spans)),
                display=SilentDisplay(),
            )
        )
        await hanging.wait()
        await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert (finished, committed) == ([0, 1, 2], [3])
    roots = [span for span in recorded.spans if span.name == "eval"]
    assert len(roots) == 3


def test_ctrl_c_in_a_task_stops_the_eval_and_is_raised(tmp_path: Path) -> None:
    committed: list[int] = []

    async def task(value: int) -> int:
        if value == 3:
            raise KeyboardInterrupt
        return value

    options = EvalOptions(project="p", data=rows(100), task=task, scores=[], max_concurrency=1)
    with recorded_spans() as recorded, pytest.raises(KeyboardInterrupt):
        asyncio.run(
            run_eval(
                options,
                backend=SqliteStore(tmp_path / "store.db"),
                commit=lambda: committed.append(sum(span.name == "eval" for span in recorded.spans)),
                display=SilentDisplay(),
            )
        )
    assert committed == [3]


async def test_the_reporter_is_told_of_every_case_and_shown_the_result(tmp_path: Path) -> None:
    told: list[Any] = []

    class Telling(SilentDisplay):
        def watch(self, experiment: Any, total: int | None) -> Any:
            told.append((experiment.project, total))
            return super().watch(experiment, total)

        def show(self, result: ExperimentResult) -> None:
            told.append(result)

    options = EvalOptions(project="p", data=rows(2), task=same, scores=[], trial_count=2)
    with recorded_spans():
        result = await run_eval(
            options,
            backend=SqliteStore(tmp_path / "store.db"),
            commit=lambda: None,
            display=Telling(),
        )
    assert told == [("p", 4), result]


async def test_no_thread_is_left_behind(ran: Any) -> None:
    def named() -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread.name.startswith("spanscore-eval")]

    def plain(value: int) -> int:
        return value

    before = named()  # other tests abandon calls that hang
    await ran(rows(5), plain)
    started = [thread for thread in named() if thread not in before]
    for thread in started:
        thread.join(10)
    assert not any(thread.is_alive() for thread in started)


def test_options_are_checked() -> None:
    with pytest.raises(ConfigError):
        EvalOptions(project="p", data=[], task=len, scores=[], trial_count=0)
