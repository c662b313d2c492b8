"""Datasets as they are named."""

import pytest

from spanscore import init_dataset
from spanscore.cli._dataset_reference import dataset_at, dataset_to_write, datasets_in_force
from spanscore.errors import ConfigError, NotFoundError

pytestmark = pytest.mark.core


def test_names_and_versions() -> None:
    dataset = init_dataset("shop", "faq@home")
    dataset.insert(input=1)
    version = dataset.version
    dataset.snapshot("golden")
    datasets = datasets_in_force()
    found = [
        (ref.id, at)
        for ref, at in (dataset_at(datasets, f"shop/faq@home{end}") for end in ("", f"@{version}", "@golden"))
    ]
    assert found == [(dataset.id, None), (dataset.id, version), (dataset.id, version)]
    for wrong in ("shop/faq", "shop/faq@", "@golden", "shop/faq@home@silver"):
        with pytest.raises(NotFoundError):
            dataset_at(datasets, wrong)


def test_what_is_written_to_is_made() -> None:
    datasets = datasets_in_force()
    made = dataset_to_write(datasets, "shop/a/b", None)
    assert (made.project.name, made.name) == ("shop", "a/b")
    assert dataset_to_write(datasets, "a/b", "shop") == made
    assert dataset_to_write(datasets, made.id, None) == made
    other = dataset_to_write(datasets, "a/b", "bank")
    assert (other.project.name, other.name) == ("bank", "a/b")
    with pytest.raises(ConfigError, match="'alone' names no dataset that there is; give PROJECT/NAME"):
        dataset_to_write(datasets, "alone", None)
