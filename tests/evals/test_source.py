import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from experiment_runs import case, run
from spanscore.datasets import Dataset, Target
from spanscore.errors import CaseError, EvalError
from spanscore.evals._base_experiment import BaseExperiment
from spanscore.evals._source import Source, open_source
from spanscore.store import SqliteStore
from spanscore.wire.datasets import DatasetRequest

pytestmark = pytest.mark.core

ROWS = [{"input": 0}, {"input": 1}, {"input": 2}]


def generator() -> Iterator[Any]:
    yield from ROWS


async def async_generator() -> AsyncIterator[Any]:
    for row in ROWS:
        await asyncio.sleep(0)
        yield row


async def coroutine() -> list[Any]:
    return ROWS


async def coroutine_of_a_generator() -> AsyncIterator[Any]:
    return async_generator()


class Rows:
    def __iter__(self) -> Iterator[Any]:
        return iter(ROWS)


class AsyncRows:
    def __aiter__(self) -> AsyncIterator[Any]:
        return async_generator()


class CallableRows:
    def __call__(self) -> list[Any]:
        return ROWS


FORMS: dict[str, tuple[Any, int | None]] = {
    "list": (ROWS, 3),
    "tuple": (tuple(ROWS), 3),
    "iterator": (iter(ROWS), None),
    "generator": (generator(), None),
    "generator function": (generator, None),
    "lambda of a list": (lambda: ROWS, 3),
    "async generator function": (async_generator, None),
    "coroutine function": (coroutine, 3),
    "coroutine function of an async generator": (coroutine_of_a_generator, None),
    "iterable": (Rows(), None),
    "async iterable": (AsyncRows(), None),
    "class": (Rows, None),
    "class of a callable": (CallableRows, 3),
    "callable object": (CallableRows(), 3),
}


async def everything(source: Source) -> list[Any]:
    found: list[Any] = []
    while (case := await source.next()) is not None:
        found.append(case.input)
    return found


@pytest.mark.parametrize("name", FORMS)
async def test_every_form_of_data_gives_its_cases(name: str) -> None:
    data, total = FORMS[name]
    source = await open_source(data)
    assert (await everything(source), source.total) == ([0, 1, 2], total)
    assert await source.next() is None
    await source.close()


WRONG = {
    "text": ("cases.json", "'cases.json'"),
    "one case": ({"input": 1}, "a dict"),
    "number": (3, "a int"),
    "None": (None, "a NoneType"),
    "function of nothing": (lambda: None, "a NoneType"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_is_no_data_is_an_error(name: str) -> None:
    data, kind = WRONG[name]
    message = (
        f"data is {kind}; give a list, iterable or generator of cases, a function that returns one, a Dat"
    )
    with pytest.raises(EvalError) as caught:
        await open_source(data)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("make", [generator, async_generator])
async def test_a_generator_that_has_been_read_is_an_error_and_not_data_without_cases(make: Any) -> None:
    data = make()
    first = await open_source(data)
    assert await first.next() is not None
    await first.close()
    with pytest.raises(EvalError, match="data is a generator that has been read, by an earlier run perhaps"):
        await open_source(data)


async def test_a_generator_that_is_partly_read_gives_the_rest() -> None:
    data = generator()
    next(data)
    source = await open_source(data)
    read = [await source.next() for _ in range(3)]
    assert [None if each is None else each.input for each in read] == [1, 2, None]


async def test_nothing_is_read_before_it_is_asked_for() -> None:
    read: list[int] = []

    def data() -> Iterator[Any]:
        for number in range(10):
            read.append(number)
            yield {"input": number}

    source = await open_source(data)
    assert read == []
    await source.next()
    await source.next()
    assert read == [0, 1]
    await source.close()


async def test_a_plain_iterator_is_stepped_in_the_thread_of_the_loop() -> None:
    threads: set[threading.Thread] = set()

    def data() -> Iterator[Any]:
        threads.add(threading.current_thread())
        yield {"input": 0}

    await everything(await open_source(data))
    assert threads == {threading.current_thread()}


async def test_many_may_ask_an_async_generator_at_once() -> None:
    source = await open_source(async_generator)
    asked = [asyncio.ensure_future(source.next()) for _ in range(6)]
    found = [case and case.input for case in [await task for task in asked]]
    assert found == [0, 1, 2, None, None, None]


async def test_what_the_data_raises_ends_the_source() -> None:
    boom = OSError("disk")

    def data() -> Iterator[Any]:
        yield {"input": 0}
        raise boom

    source = await open_source(data)
    await source.next()
    with pytest.raises(OSError, match="disk") as caught:
        await source.next()
    assert caught.value is boom
    assert await source.next() is None


async def test_a_case_that_cannot_be_read_is_named_by_its_number() -> None:
    source = await open_source([{"input": 0}, {"question": 1}])
    await source.next()
    with pytest.raises(CaseError, match="case 2 of the data has no input"):
        await source.next()


@pytest.mark.parametrize("kind", ["plain", "async"])
async def test_closing_runs_a_generators_cleanup(kind: str) -> None:
    closed: list[str] = []

    def plain() -> Iterator[Any]:
        try:
            yield from ROWS
        finally:
            closed.append("plain")

    async def asynchronous() -> AsyncIterator[Any]:
        try:
            for row in ROWS:
                yield row
        finally:
            closed.append("async")

    source = await open_source(plain if kind == "plain" else asynchronous)
    await source.next()
    await source.close()
    assert closed == [kind]
    assert await source.next() is None


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "s.db")
    yield store
    store.close()


def dataset_in(store: SqliteStore) -> Dataset:
    return Dataset(Target(lambda: store.datasets, DatasetRequest(project="p", name="d")))


async def test_a_dataset_gives_its_rows_with_their_origin(store: SqliteStore) -> None:
    dataset = dataset_in(store)
    for number in range(3):
        dataset.insert(input=number, expected=number + 1, tags=["t"], metadata={"m": number}, id=f"{number}")
    for data in (dataset, lambda: dataset):
        source = await open_source(data)
        cases = [await source.next() for _ in range(4)]
        assert (source.total, cases[3]) == (3, None)
        assert source.dataset == (dataset.id, "1000000000000000003")
        found = cases[1]
        assert found is not None
        assert (found.input, found.expected, found.tags, found.metadata, found.id) == (
            1,
            2,
            ("t",),
            {"m": 1},
            "1",
        )
        assert found.origin == {
            "object_type": "dataset",
            "object_id": dataset.id,
            "id": "1",
            "_xact_id": "1000000000000000002",
            "created": found.created,
        }
        await source.close()


async def test_a_dataset_is_read_at_the_version_that_the_source_names(store: SqliteStore) -> None:
    dataset = dataset_in(store)
    dataset.insert(input=0)
    source = await open_source(dataset)
    dataset.insert(input=1)
    assert (await everything(source), source.dataset) == ([0], (dataset.id, "1000000000000000001"))
    assert (await open_source([1])).dataset is None


async def test_leaving_a_dataset_early(store: SqliteStore) -> None:
    dataset = dataset_in(store)
    for number in range(3):
        dataset.insert(input=number)
    source = await open_source(dataset)
    await source.next()
    await source.close()
    assert await source.next() is None


FILES = {
    "cases.jsonl": '{"input": 0}\n\n{"input": 1, "expected": "x"}\n{"input": 2}\n',
    "cases.csv": "input,expected\n0,\n1,x\n2,\n",
}


@pytest.mark.parametrize("name", FILES)
async def test_a_path_of_a_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(FILES[name])
    for data in (str(path), path, lambda: path):
        assert await everything(await open_source(data)) == [0, 1, 2]


@pytest.mark.parametrize("kind", ["a file", "a list", "an async generator"])
async def test_data_without_cases_is_told_of(
    kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("input,expected\n")

    async def nothing() -> AsyncIterator[Any]:
        return
        yield

    forms: dict[str, Any] = {"a file": path, "a list": [], "an async generator": nothing}
    source = await open_source(forms[kind])
    assert await asyncio.gather(source.next(), source.next()) == [None, None]
    told = f"the file {path}" if kind == "a file" else "the data"
    assert caplog.messages == [f"{told} has no cases: nothing is run"]


async def test_data_that_is_stopped_or_has_cases_is_not(caplog: pytest.LogCaptureFixture) -> None:
    stopped, read = await open_source([]), await open_source(ROWS)
    stopped.stop()
    assert (await stopped.next(), len(await everything(read)), caplog.messages) == (None, 3, [])


async def test_a_file_that_is_not_there_or_of_no_known_format(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match=r"data is 'nothing.jsonl', and there is no such file; give a list"):
        await open_source("nothing.jsonl")
    text = tmp_path / "cases.txt"
    text.write_text("0")
    with pytest.raises(EvalError, match=r"cases.txt'; give one that ends in .jsonl, .csv or .parquet"):
        await open_source(text)


async def test_a_data_frame() -> None:
    pandas = pytest.importorskip("pandas")
    source = await open_source(pandas.DataFrame({"input": [0, 1, 2], "expected": ["a", None, "c"]}))
    cases = [await source.next() for _ in range(3)]
    assert source.total == 3
    assert [(case.input, case.expected) for case in cases if case] == [(0, "a"), (1, None), (2, "c")]


async def test_the_cases_of_another_experiment(store: SqliteStore) -> None:
    first = run(store, case("a"), case("b"))
    now = run(store)
    for data in (BaseExperiment(first.name), BaseExperiment(), BaseExperiment):
        source = await open_source(data, backend=store, experiment=lambda: now.id)
        assert await everything(source) == ["a", "b"]


async def test_a_base_experiment_needs_an_experiment() -> None:
    with pytest.raises(
        EvalError, match="BaseExperiment needs the experiment of this run, and none is recorded"
    ):
        await open_source(BaseExperiment())
