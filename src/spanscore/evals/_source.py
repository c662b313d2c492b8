"""The source: the user's data, in any of its forms, read one case at a time."""

import asyncio
import inspect
import logging
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sized,
)
from pathlib import Path
from types import AsyncGeneratorType, GeneratorType
from typing import Any, Final, cast

from spanscore.datasets import Dataset, format_of, in_portions, is_table, read_file, read_table, table_size
from spanscore.errors import EvalError
from spanscore.evals._base_experiment import BaseExperiment, cases_of_base
from spanscore.evals._case import EvalCase, to_case
from spanscore.wire.seams import ExperimentRows

_logger = logging.getLogger("spanscore")

_END: Final = object()
_MOST_STEPS: Final = 4
_ITERABLE: Final = (Iterable, AsyncIterable)
_FORMS: Final = (
    "a list, iterable or generator of cases, a function that returns one, a Dataset, a BaseExperiment, "
    "a data frame, or the path of a file that ends in .jsonl, .csv or .parquet"
)


class Source:
    """Cases in the order of the data, given to whoever asks next; nothing is read before it is asked for.

    A plain iterator is stepped in the thread of the event loop, because what it reads from (a database
    cursor, say) may be bound to that thread. Data that waits for something is best an async generator.

    `total` is the number of cases where the data says it, else None. `dataset` is id and version of the
    dataset that the cases are of, None for other data. `needs_experiment` says that the first case can
    only be asked for when the experiment of this run is there. `name` is what a warning calls data without
    cases.
    """

    def __init__(
        self,
        data: Iterable[Any] | AsyncIterable[Any],
        *,
        total: int | None = None,
        dataset: tuple[str, str | None] | None = None,
        needs_experiment: bool = False,
        name: str = "the data",
    ) -> None:
        self.total = len(data) if total is None and isinstance(data, Sized) else total
        self.dataset = dataset
        self.needs_experiment = needs_experiment
        self._iterator: Iterator[Any] = iter(data) if isinstance(data, Iterable) else iter(())
        self._stream: AsyncIterator[Any] | None = aiter(data) if isinstance(data, AsyncIterable) else None
        self._lock = asyncio.Lock()
        self._name = name
        self._read = 0
        self._open = True

    async def next(self) -> EvalCase | None:
        """The next case; None after the last. What the data raises, and CaseError, ends the source."""
        if not self._open:
            return None
        try:
            value = next(self._iterator, _END) if self._stream is None else await self._awaited(self._stream)
            if value is not _END:
                self._read += 1
                return to_case(value, self._read)
        except BaseException:
            self._open = False
            raise
        if self._open and not self._read:
            _logger.warning("%s has no cases: nothing is run", self._name)
        self._open = False
        return None

    async def _awaited(self, stream: AsyncIterator[Any]) -> Any:
        async with self._lock:  # an async generator may be asked by one at a time
            return await anext(stream, _END) if self._open else _END

    def stop(self) -> None:
        """Give out no more cases."""
        self._open = False

    async def close(self) -> None:
        """Stop, and let a generator run its cleanup; nobody may be waiting for a case."""
        self.stop()
        iterator, stream = cast("Any", self._iterator), cast("Any", self._stream)
        if isinstance(iterator, Generator):
            iterator.close()
        if isinstance(stream, AsyncGenerator):
            await stream.aclose()


async def open_source(
    data: Any,
    *,
    backend: ExperimentRows | None = None,
    experiment: Callable[[], str] | None = None,
) -> Source:
    """The source of `data`; functions are called, coroutines awaited and classes instantiated on the way.

    `backend` and `experiment` are needed for a BaseExperiment alone; `experiment` gives the id of the
    experiment that is run, and is called when the first case is asked for. Raises EvalError when that does
    not end in cases, and whatever the user's function raises.
    """
    found = await _found(data)
    if isinstance(found, BaseExperiment):
        return Source(_of_base(found, backend, experiment), needs_experiment=True)
    if isinstance(found, Dataset):
        return await _of_dataset(found)
    if is_table(found):
        return Source(read_table(found), total=table_size(found))
    if _names_a_file(found):
        return Source(_of_file(found), name=f"the file {found}")
    if isinstance(found, (str, bytes, Mapping, type)) or not isinstance(found, _ITERABLE):
        shown = repr(found) if isinstance(found, str) else f"a {type(cast('object', found)).__name__}"
        raise EvalError(f"data is {shown}; give {_FORMS}")
    if _is_read(found):
        raise EvalError(
            "data is a generator that has been read, by an earlier run perhaps; give the function "
            "that makes it"
        )
    return Source(cast("Iterable[Any] | AsyncIterable[Any]", found))


async def _found(data: Any) -> Any:
    """What functions, coroutines and classes lead to."""
    found = data
    for _ in range(_MOST_STEPS):
        if _is_named(found) or (isinstance(found, _ITERABLE) and not isinstance(found, type)):
            break
        if inspect.isawaitable(found):
            found = await found
        elif callable(found):
            found = found()
        else:
            break
    return cast("Any", found)


async def _of_dataset(dataset: Dataset) -> Source:
    """The records of one version: that which the experiment will be said to be over."""
    version = await asyncio.to_thread(lambda: dataset.version)
    total = await asyncio.to_thread(dataset.known_size)
    return Source(aiter(dataset.at(version)), total=total, dataset=(dataset.id, version))


def _is_named(found: Any) -> bool:
    """Whether this is data in a form that is not iterated as it is."""
    return isinstance(found, (BaseExperiment, Dataset)) or is_table(found) or _names_a_file(found)


def _names_a_file(found: Any) -> bool:
    return isinstance(found, (str, Path)) and (isinstance(found, Path) or format_of(Path(found)) is not None)


def _is_read(found: Any) -> bool:
    """True of a generator that has ended or was closed, and would look like data without cases."""
    if isinstance(found, AsyncGeneratorType):
        return found.ag_frame is None
    return isinstance(found, GeneratorType) and found.gi_frame is None


def _of_file(found: str | Path) -> Iterator[Any]:
    path = Path(found).expanduser()
    if not path.is_file():
        raise EvalError(f"data is {str(found)!r}, and there is no such file; give {_FORMS}")
    if format_of(path) is None:
        raise EvalError(f"data is the file {str(found)!r}; give one that ends in .jsonl, .csv or .parquet")
    return read_file(path)


def _of_base(
    base: BaseExperiment, backend: ExperimentRows | None, experiment: Callable[[], str] | None
) -> AsyncIterator[Any]:
    if backend is None or experiment is None:
        raise EvalError(
            "BaseExperiment needs the experiment of this run, and none is recorded (no_send_logs); "
            "leave that out, or give the cases themselves"
        )
    return in_portions(_once_registered(base, backend, experiment))


def _once_registered(
    base: BaseExperiment, backend: ExperimentRows, experiment: Callable[[], str]
) -> Iterator[Any]:
    yield from cases_of_base(base, backend, experiment())
