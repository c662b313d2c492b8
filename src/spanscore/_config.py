"""Settings: arguments, then the environment, then defaults; nothing else reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from spanscore.errors import ConfigError

_PROJECT_VARIABLES = ("BRAINTRUST_PROJECT", "BRAINTRUST_DEFAULT_PROJECT", "BRAINTRUST_DEFAULT_PROJECT_NAME")
_CI_NAMES = {
    "GITHUB_ACTIONS": "github_actions",
    "GITLAB_CI": "gitlab_ci",
    "CIRCLECI": "circleci",
    "BUILDKITE": "buildkite",
    "JENKINS_URL": "jenkins",
    "CI": None,
}
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set, with its value in force.

    `home` is the folder of the embedded store. `project` is the default project's name. `propagate_threads`
    carries the current span into threads and thread pools. `max_attribute_bytes` bounds one JSON attribute.
    `max_generator_items` bounds how many yielded values are recorded as a generator's output (-1: all).
    """

    home: Path
    destinations: tuple[str, ...] | None = None
    api_key: str | None = field(default=None, repr=False)
    api_url: str = "https://api.braintrust.dev"
    app_url: str = "https://www.braintrust.dev"
    org_name: str | None = None
    project: str = "default"
    project_id: str | None = None
    filter_ai_spans: bool = False
    durability: Literal["span", "window", "off"] = "span"
    spool_max_bytes: int = 1 << 30
    spool_max_age_s: float = 7 * 86_400.0
    redact: bool = True
    redact_at: Literal["send", "span"] = "send"
    environment_type: str | None = None
    environment_name: str | None = None
    propagate_threads: bool = True
    max_attribute_bytes: int = 1 << 20
    max_generator_items: int = 1000

    @classmethod
    def from_env(cls, **overrides: Any) -> "Settings":
        """Settings from `overrides` (those that are not None), else the environment, else the defaults.

        Raises ConfigError naming the variable or argument, its value and what is accepted.

        >>> Settings.from_env(home="/tmp/spans").home
        PosixPath('/tmp/spans')
        """
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(overrides) - known)
        if unknown:
            raise ConfigError(f"no such setting: {', '.join(unknown)}; there are {', '.join(sorted(known))}")
        values = _from_variables(os.environ)
        values.update({name: value for name, value in overrides.items() if value is not None})
        values["home"] = Path(values.get("home") or "~/.spanscore").expanduser()
        return cls(**values)

    def find_api_key(self) -> str | None:
        """The Braintrust key as it is now: the one given, else that of the environment, else None."""
        return self.api_key or _text(os.environ, "BRAINTRUST_API_KEY")


def _from_variables(environ: Mapping[str, str]) -> dict[str, Any]:
    environment_type, environment_name = _environment(environ)
    found: dict[str, Any] = {
        "home": _text(environ, "SPANSCORE_HOME"),
        "project": next((value for name in _PROJECT_VARIABLES if (value := _text(environ, name))), None),
        "environment_type": environment_type,
        "environment_name": environment_name,
        "propagate_threads": _flag(environ, "SPANSCORE_PROPAGATE_THREADS"),
        "max_attribute_bytes": _whole(environ, "SPANSCORE_MAX_ATTRIBUTE_BYTES", least=64),
        "max_generator_items": _whole(environ, "BRAINTRUST_MAX_GENERATOR_ITEMS", least=-1),
    }
    return {name: value for name, value in found.items() if value is not None}


def _environment(environ: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Where the program runs. Only what says so is believed: "local" is never inferred."""
    named = _text(environ, "BRAINTRUST_ENVIRONMENT_TYPE"), _text(environ, "BRAINTRUST_ENVIRONMENT_NAME")
    if any(named):
        return named
    for variable, name in _CI_NAMES.items():
        value = _text(environ, variable)
        if value and value.lower() not in _FALSE:
            return "ci", name
    return None, None


def _text(environ: Mapping[str, str], name: str) -> str | None:
    """A variable's text; one that is blank counts as not set."""
    value = environ.get(name, "")
    return value if value.strip() else None


def _flag(environ: Mapping[str, str], name: str) -> bool | None:
    value = _text(environ, name)
    if value is None:
        return None
    lowered = value.strip().lower()
    if lowered not in _TRUE | _FALSE:
        raise ConfigError(f"{name} is {value!r}; give true or false")
    return lowered in _TRUE


def _whole(environ: Mapping[str, str], name: str, *, least: int) -> int | None:
    value = _text(environ, name)
    if value is None:
        return None
    try:
        number = int(value)
    except ValueError:
        number = least - 1
    if number < least:
        raise ConfigError(f"{name} is {value!r}; give a whole number, {least} or more")
    return number
