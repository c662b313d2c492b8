"""Variables read as what they mean."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spanscore._config._env_file import EnvFile
from spanscore._config._variables import Variables
from spanscore.errors import ConfigError

pytestmark = pytest.mark.core

CHOICES = ("one", "two", "three")


def variables(value: str | None, folder: Path) -> Variables:
    return Variables({} if value is None else {"X": value}, EnvFile(folder))


READINGS: dict[str, tuple[Callable[[Variables], Any], str | None, Any]] = {
    "text": (lambda v: v.text("X"), " x ", " x "),
    "no text": (lambda v: v.text("X"), None, None),
    "blank text": (lambda v: v.text("X"), " \t", None),
    "address": (lambda v: v.url("X"), " http://localhost:1/x// ", "http://localhost:1/x"),
    "no address": (lambda v: v.url("X"), " ", None),
    "flag": (lambda v: v.flag("X"), " Yes", True),
    "second name of a flag": (lambda v: v.flag("Y", "X"), "0", False),
    "no flag": (lambda v: v.flag("X"), "", None),
    "switch": (lambda v: v.switch("X"), "whatever", True),
    "switch that is off": (lambda v: v.switch("X"), "False", False),
    "no switch": (lambda v: v.switch("X"), " ", False),
    "whole": (lambda v: v.whole("X", least=-1), "-1", -1),
    "no whole": (lambda v: v.whole("X", least=0), " ", None),
    "bytes": (lambda v: v.size("X"), "1048577", 1_048_577),
    "kibibytes": (lambda v: v.size("X"), "3KiB", 3 << 10),
    "mebibytes": (lambda v: v.size("X"), " 512 MiB ", 512 << 20),
    "gibibytes": (lambda v: v.size("X"), "2g", 2 << 30),
    "no size": (lambda v: v.size("X"), None, None),
    "days": (lambda v: v.seconds_of_days("X"), "0.5", 43_200.0),
    "no days": (lambda v: v.seconds_of_days("X"), "", None),
    "choice": (lambda v: v.choice("X", CHOICES), "Two ", "two"),
    "no choice": (lambda v: v.choice("X", CHOICES), None, None),
    "names": (lambda v: v.names("X", CHOICES), " Three, one,three,", ("three", "one")),
    "no names": (lambda v: v.names("X", CHOICES), " ", None),
}


@pytest.mark.parametrize("name", READINGS)
def test_reading(name: str, tmp_path: Path) -> None:
    read, value, expected = READINGS[name]
    assert read(variables(value, tmp_path)) == expected


REFUSALS: dict[str, tuple[Callable[[Variables], Any], list[str], str]] = {
    "address": (
        lambda v: v.url("X"),
        ["api.example.com", "ftp://x", "https://", "//x"],
        "give a URL that begins with http:// or https://",
    ),
    "flag": (lambda v: v.flag("X"), ["maybe", "2"], "give true or false"),
    "whole": (lambda v: v.whole("X", least=64), ["63", "1.5", "x"], "give a whole number, 64 or more"),
    "size": (
        lambda v: v.size("X"),
        ["0", "-1", "1.5GiB", "10 apples", "1GB", "KiB"],
        "give bytes, such as 1048576, or 512MiB or 2GiB",
    ),
    "days": (
        lambda v: v.seconds_of_days("X"),
        ["0", "-1", "nan", "inf", "week"],
        "give a number of days above 0, such as 7 or 0.5",
    ),
    "choice": (lambda v: v.choice("X", CHOICES), ["four", "one,two"], "give one, two or three"),
    "names": (
        lambda v: v.names("X", CHOICES),
        ["four", "one,four", " , "],
        "give one or more of one, two, three, separated by commas",
    ),
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name in REFUSALS for value in REFUSALS[name][1]]
)
def test_refusal_names_the_value_and_the_remedy(name: str, value: str, tmp_path: Path) -> None:
    read, _, remedy = REFUSALS[name]
    with pytest.raises(ConfigError) as caught:
        read(variables(value, tmp_path))
    assert str(caught.value) == f"X is {value!r}; {remedy}"


def test_every_name_of_the_process_comes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env.braintrust").write_text("BRAINTRUST_PROJECT=f")
    values = Variables({"X": "x"}, EnvFile(tmp_path))
    assert values.text("BRAINTRUST_PROJECT", "X") == "x"
    assert values.text("BRAINTRUST_PROJECT", "Y") == "f"
    assert values.of_process("BRAINTRUST_PROJECT") is None


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, (None, None)),
        ({"CI": "false"}, (None, None)),
        ({"CI": "true"}, ("ci", None)),
        ({"CI": "1", "GITHUB_ACTIONS": "true"}, ("ci", "github_actions")),
        ({"GITLAB_CI": "true"}, ("ci", "gitlab_ci")),
        ({"CIRCLECI": "true"}, ("ci", "circleci")),
        ({"BUILDKITE": "true"}, ("ci", "buildkite")),
        ({"JENKINS_URL": "http://ci"}, ("ci", "jenkins")),
    ],
)
def test_continuous_integration(environ: dict[str, str], expected: tuple[str | None, str | None]) -> None:
    assert Variables(environ, EnvFile(None)).continuous_integration() == expected
