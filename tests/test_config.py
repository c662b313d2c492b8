"""Settings: which value is in force."""

from pathlib import Path
from typing import Any

import pytest

from spanscore._config import Settings
from spanscore.errors import ConfigError

pytestmark = pytest.mark.core


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SPANSCORE_HOME", "CI"):
        monkeypatch.delenv(name, raising=False)


def test_defaults() -> None:
    assert Settings.from_env() == Settings(home=Path("~/.spanscore").expanduser())


CASES: dict[str, tuple[dict[str, str], dict[str, Any], str, Any]] = {
    "environment": ({"SPANSCORE_HOME": "/x"}, {}, "home", Path("/x")),
    "argument before environment": ({"SPANSCORE_HOME": "/x"}, {"home": "/y"}, "home", Path("/y")),
    "None is no argument": ({"SPANSCORE_HOME": "/x"}, {"home": None}, "home", Path("/x")),
    "blank is not set": ({"SPANSCORE_HOME": "  "}, {}, "home", Path("~/.spanscore").expanduser()),
    "home of the user": ({"SPANSCORE_HOME": "~/x"}, {}, "home", Path("~/x").expanduser()),
    "project": ({"BRAINTRUST_PROJECT": "p"}, {}, "project", "p"),
    "project's first spelling wins": (
        {"BRAINTRUST_PROJECT": "p", "BRAINTRUST_DEFAULT_PROJECT": "q"},
        {},
        "project",
        "p",
    ),
    "flag": ({"SPANSCORE_PROPAGATE_THREADS": "No"}, {}, "propagate_threads", False),
    "number": ({"BRAINTRUST_MAX_GENERATOR_ITEMS": "-1"}, {}, "max_generator_items", -1),
    "environment type": ({"BRAINTRUST_ENVIRONMENT_TYPE": "staging"}, {}, "environment_type", "staging"),
    "continuous integration": (
        {"GITHUB_ACTIONS": "true", "CI": "1"},
        {},
        "environment_name",
        "github_actions",
    ),
    "unnamed integration": ({"CI": "true"}, {}, "environment_type", "ci"),
    "no integration": ({"CI": "false"}, {}, "environment_type", None),
}


@pytest.mark.parametrize("name", CASES)
def test_value_in_force(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment, arguments, setting, expected = CASES[name]
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    assert getattr(Settings.from_env(**arguments), setting) == expected


@pytest.mark.parametrize(
    ("variable", "value", "remedy"),
    [
        ("SPANSCORE_PROPAGATE_THREADS", "maybe", "give true or false"),
        ("SPANSCORE_MAX_ATTRIBUTE_BYTES", "10k", "give a whole number, 64 or more"),
        ("SPANSCORE_MAX_ATTRIBUTE_BYTES", "63", "give a whole number, 64 or more"),
    ],
)
def test_bad_value_is_named_with_its_remedy(
    variable: str, value: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigError) as caught:
        Settings.from_env()
    assert str(caught.value) == f"{variable} is {value!r}; {remedy}"


def test_unknown_setting_is_refused() -> None:
    with pytest.raises(ConfigError, match="no such setting: hmoe; there are environment_name"):
        Settings.from_env(hmoe="/x")
