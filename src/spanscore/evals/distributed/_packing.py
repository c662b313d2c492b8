"""The job as bytes: its functions whole where the workers could not import them."""

import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from pickle import PicklingError
from types import ModuleType
from typing import Any, Final

from spanscore.errors import ConfigError
from spanscore.evals._judge import Panel
from spanscore.evals._options import EvalOptions
from spanscore.evals.distributed._job import Job

UNSENDABLE: Final = (TypeError, ValueError, AttributeError, RecursionError, PicklingError)
"""What pickling raises; mostly TypeError, of a lock, a socket or a file that something refers to."""

_JUDGES: Final = ("task", "scores", "classifiers")


def packed_job(job: Job) -> bytes:
    """The job as bytes, which a worker loads with `ray.cloudpickle`.

    Raises ConfigError, which names the task, the scorer or the option that cannot be sent.
    """
    with _by_value(_modules_of(job)):
        try:
            return _dumps(job)
        except UNSENDABLE as error:
            failed = ((name, why) for name, part in _parts(job.options) if (why := _refusal(part)))
            what, why = next(failed, ("the eval", error))
            raise ConfigError(
                f"{what} cannot be sent to the workers of Ray: {why}; make what cannot be sent, such as a "
                "client, a lock or an open file, inside of the function, where the worker calls it"
            ) from error


def _refusal(part: Any) -> Exception | None:
    """Why it cannot be sent; None if it can."""
    try:
        _dumps(part)
    except UNSENDABLE as error:
        return error
    return None


def _parts(options: EvalOptions) -> Iterator[tuple[str, Any]]:
    task = options.task
    yield f"the task {getattr(task, '__name__', type(task).__name__)}", task
    for judge in Panel.of(options.scores, options.classifiers).judges:
        kind = "scorer" if judge.kind == "score" else "classifier"
        yield f"the {kind} {judge.name}", judge.prepared.function
    for option in fields(options):
        if option.name not in _JUDGES:
            yield option.name, getattr(options, option.name)


def _dumps(value: Any) -> bytes:
    return import_module("ray.cloudpickle").dumps(value)


def _modules_of(job: Job) -> Iterable[ModuleType]:
    """The modules of the eval's functions that a worker could not import: files that no package has."""
    options = job.options
    for function in (options.task, *options.scores, *options.classifiers):
        name = getattr(function, "__module__", None) or type(function).__module__
        module = sys.modules.get(name)
        if module is not None and name != "__main__" and _is_loose(module):
            yield module


def _is_loose(module: ModuleType) -> bool:
    file = getattr(module, "__file__", None)
    if module.__name__.partition(".")[0] == "spanscore":
        return False
    return file is not None and not Path(file).resolve().is_relative_to(Path(sys.prefix).resolve())


@contextmanager
def _by_value(modules: Iterable[ModuleType]) -> Generator[None, None, None]:
    """Pickle what these modules define whole, not by its name, for the length of a `with` block."""
    pickle = import_module("ray.cloudpickle")
    registered: list[ModuleType] = []
    try:
        for module in {each.__name__: each for each in modules}.values():
            pickle.register_pickle_by_value(module)
            registered.append(module)
        yield
    finally:
        for module in registered:
            pickle.unregister_pickle_by_value(module)
