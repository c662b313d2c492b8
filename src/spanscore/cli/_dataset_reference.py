"""Datasets as they are named on the command line."""

import argparse

from spanscore._config import Settings
from spanscore._connect import open_datasets
from spanscore.errors import ConfigError, NotFoundError
from spanscore.wire.datasets import DatasetRef, DatasetRequest
from spanscore.wire.seams import Datasets

_NAMED = "PROJECT/NAME, its name alone, its id or the beginning of it"


def add_dataset(parser: argparse.ArgumentParser, name: str = "dataset") -> None:
    """`DATASET[@VERSION]`: which one, and which version of it."""
    text = f"{_NAMED}; with @VERSION as it was then, by number or snapshot"
    parser.add_argument(name, metavar=f"{name.upper()}[@VERSION]", help=text)


def datasets_in_force() -> Datasets:
    """The datasets of Braintrust if spans go there, else those of the embedded store."""
    return open_datasets(Settings.from_env())


def dataset_at(datasets: Datasets, text: str) -> tuple[DatasetRef, str | None]:
    """The dataset that `text` names, and the version; None is the newest. Raises NotFoundError."""
    try:
        return datasets.find_dataset(text), None
    except NotFoundError:
        name, mark, version = text.rpartition("@")
        if not mark or not name or not version:
            raise
    ref = datasets.find_dataset(name)
    if not version.isdecimal():
        return ref, datasets.dataset_version(ref.id, snapshot=version)
    _check_that_it_was(datasets, ref, version)
    return ref, version


def _check_that_it_was(datasets: Datasets, ref: DatasetRef, version: str) -> None:
    """Raise NotFoundError of a version before the first. One whose records were all deleted has been."""
    if next(datasets.read_records(ref.id, version=version, portion=1), None) is not None:
        return
    if datasets.dataset_state(ref.id, version=version).version is None:
        newest = datasets.dataset_state(ref.id).version or "the empty one"
        raise NotFoundError(f"{ref.project}/{ref.name} has no version {version}; its newest is {newest}")


def dataset_to_write(datasets: Datasets, text: str, project: str | None) -> DatasetRef:
    """The dataset that `text` names, which is made if it is not there."""
    try:
        return datasets.find_dataset(text, project=project)
    except NotFoundError:
        first, _slash, rest = text.partition("/")
        if project is None and not (first and rest):
            raise ConfigError(
                f"{text!r} names no dataset that there is; give PROJECT/NAME to make one"
            ) from None
    name = text if project is not None else rest
    return datasets.open_dataset(DatasetRequest(project=project or first, name=name))
