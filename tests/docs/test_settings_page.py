"""The page on settings has all of them, with the variables that are read."""

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path

import pytest

from spanscore import setup
from spanscore._config import Settings
from spanscore._config._env_file import ALLOWED, EnvFile
from spanscore._config._settings import _from_variables  # pyright: ignore[reportPrivateUsage]
from spanscore._config._variables import Variables

PAGE = (Path(__file__).parent.parent.parent / "docs" / "settings.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (yes|no) \| `(\w+)` \| (.*?) \|", PAGE, re.MULTILINE)
REASONS = (
    "rejected spool_full too_old memory_full process_ended exporter_gone damaged redaction_failed "
    "attachment_failed unsupported tail_sampled unsampled filtered errors redacted recording"
)


class Asked(Mapping[str, str]):
    """An environment without variables that knows which it was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_every_setting_has_a_row() -> None:
    arguments = set(inspect.signature(setup).parameters)
    known = {field.name for field in fields(Settings)} - {"search_from"} | arguments
    assert {name: is_argument == "yes" for is_argument, name, _ in ROWS} == {
        name: name in arguments for name in known
    }


def test_every_variable_that_is_read_is_named() -> None:
    asked = Asked()
    _from_variables(Variables(asked, EnvFile(None)), {})
    assert asked.names | {"BRAINTRUST_API_KEY"} == set(re.findall(r"`([A-Z_]{2,})`(?!_)", PAGE))


def test_star_marks_the_variables_of_the_file() -> None:
    assert {name for *_, cell in ROWS for name in re.findall(r"`(\w+)` \*", cell)} == ALLOWED


@pytest.mark.parametrize("reason", REASONS.split())
def test_every_reason_is_explained(reason: str) -> None:
    assert f"`{reason}`" in PAGE
