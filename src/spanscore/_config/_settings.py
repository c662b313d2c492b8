"""Everything that can be set, with its value in force."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any, Literal

from spanscore._config import _accepted as accepted
from spanscore._config._env_file import EnvFile
from spanscore._config._variables import Variables
from spanscore.errors import ConfigError, UnauthorizedError

DESTINATIONS = ("local", "braintrust", "otlp")
"""The destinations that can be named."""

_DURABILITIES = ("span", "window", "off")
_REDACTION_POINTS = ("send", "span")
_CAPTURES = ("listed", "all")
_READERS: Mapping[str, Callable[[Variables], Any]] = {
    "home": lambda v: v.text("SPANSCORE_HOME"),
    "destinations": lambda v: v.names("SPANSCORE_DESTINATION", DESTINATIONS),
    "api_url": lambda v: v.url("BRAINTRUST_API_URL"),
    "app_url": lambda v: v.url("BRAINTRUST_APP_URL"),
    "org_name": lambda v: v.text("BRAINTRUST_ORG_NAME"),
    "filter_ai_spans": lambda v: v.flag("BRAINTRUST_FILTER_AI_SPANS", "BRAINTRUST_OTEL_FILTER_AI_SPANS"),
    "durability": lambda v: v.choice("SPANSCORE_DURABILITY", _DURABILITIES),
    "spool_max_bytes": lambda v: v.size("SPANSCORE_SPOOL_MAX_BYTES"),
    "spool_max_age_s": lambda v: v.seconds_of_days("SPANSCORE_SPOOL_MAX_AGE_DAYS"),
    "redact": lambda v: v.flag("SPANSCORE_REDACT"),
    "redact_at": lambda v: v.choice("SPANSCORE_REDACT_AT", _REDACTION_POINTS),
    "capture": lambda v: v.choice("SPANSCORE_CAPTURE", _CAPTURES),
    "capture_messages": lambda v: v.wants_messages_on_spans(),
    "estimate_cost": lambda v: v.flag("SPANSCORE_ESTIMATE_COST"),
    "propagate_threads": lambda v: v.flag("SPANSCORE_PROPAGATE_THREADS"),
    "max_attribute_bytes": lambda v: v.whole("SPANSCORE_MAX_ATTRIBUTE_BYTES", least=64),
    "convert_media": lambda v: v.flag("BRAINTRUST_AUTO_CONVERT_AI_ATTACHMENTS"),
    "max_media_bytes": lambda v: v.size("SPANSCORE_MAX_MEDIA_BYTES", least=0),
    "max_generator_items": lambda v: v.whole("BRAINTRUST_MAX_GENERATOR_ITEMS", least=-1),
}
_ARGUMENTS: Mapping[str, Callable[[str, Any], Any]] = {
    "home": accepted.folder,
    "destinations": partial(accepted.some, choices=DESTINATIONS),
    "api_key": accepted.key,
    "api_url": accepted.url,
    "app_url": accepted.url,
    "org_name": accepted.text,
    "project": accepted.text,
    "project_id": accepted.text,
    "default_parent": accepted.text,
    "filter_ai_spans": accepted.flag,
    "durability": partial(accepted.choice, choices=_DURABILITIES),
    "spool_max_bytes": partial(accepted.whole, least=1),
    "spool_max_age_s": accepted.seconds,
    "redact": accepted.flag,
    "redact_at": partial(accepted.choice, choices=_REDACTION_POINTS),
    "environment_type": accepted.text,
    "environment_name": accepted.text,
    "capture": partial(accepted.choice, choices=_CAPTURES),
    "capture_messages": accepted.flag,
    "estimate_cost": accepted.flag,
    "propagate_threads": accepted.flag,
    "max_attribute_bytes": partial(accepted.whole, least=64),
    "convert_media": accepted.flag,
    "max_media_bytes": partial(accepted.whole, least=0),
    "max_generator_items": partial(accepted.whole, least=-1),
    "search_from": accepted.folder,
}
_CONTAINERS = {
    "project": ("BRAINTRUST_PROJECT", "BRAINTRUST_DEFAULT_PROJECT", "BRAINTRUST_DEFAULT_PROJECT_NAME"),
    "project_id": ("BRAINTRUST_PROJECT_ID", "BRAINTRUST_DEFAULT_PROJECT_ID"),
    "default_parent": ("BRAINTRUST_PARENT",),
}
"""The variables of each container, the one of the highest rank last."""

_ENVIRONMENT = {
    "environment_type": "BRAINTRUST_ENVIRONMENT_TYPE",
    "environment_name": "BRAINTRUST_ENVIRONMENT_NAME",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set, with its value in force.

    `home` is the folder of the embedded store and the spool. `destinations` are names; None leaves the choice
    to what is found. `project` is the default project's name, `project_id` goes before it, and
    `default_parent` ("experiment_id:…") before both. `search_from` is the folder where `.env.braintrust` is
    looked for, then its parents; None is the working directory.

    `durability` says what a killed process may lose; the spool keeps at most `spool_max_bytes` for at most
    `spool_max_age_s`. `capture` says which parameters of a provider's call are told: those that the span
    conventions list, or all; `capture_messages` puts messages into OpenTelemetry's `gen_ai.*` attributes too,
    `estimate_cost` the price into the metrics. `propagate_threads` carries the current span into threads.
    `max_attribute_bytes` bounds one JSON attribute. `convert_media` puts references in the place of media in
    inputs and outputs, which may have `max_media_bytes` of them, as base64, besides. `max_generator_items`
    bounds how many yielded values are recorded as a generator's output (-1: all).
    """

    home: Path
    destinations: tuple[str, ...] | None = None
    api_key: str | None = field(default=None, repr=False)
    api_url: str = "https://api.braintrust.dev"
    app_url: str = "https://www.braintrust.dev"
    org_name: str | None = None
    project: str = "default"
    project_id: str | None = None
    default_parent: str | None = None
    filter_ai_spans: bool = False
    durability: Literal["span", "window", "off"] = "span"
    spool_max_bytes: int = 1 << 30
    spool_max_age_s: float = 7 * 86_400.0
    redact: bool = True
    redact_at: Literal["send", "span"] = "send"
    environment_type: str | None = None
    environment_name: str | None = None
    capture: Literal["listed", "all"] = "listed"
    capture_messages: bool = False
    estimate_cost: bool = False
    propagate_threads: bool = True
    max_attribute_bytes: int = 1 << 20
    convert_media: bool = True
    max_media_bytes: int = 32 << 20
    max_generator_items: int = 1000
    search_from: Path | None = field(default=None, repr=False, compare=False)

    @classmethod
    def from_env(cls, **overrides: Any) -> "Settings":
        """Settings from `overrides`, else the environment, else `.env.braintrust`, else the defaults.

        An override that is None or blank counts as not given. The key is not looked up here: see
        `find_api_key`. Raises ConfigError naming the variable or argument, its value and what is accepted.

        >>> Settings.from_env(home="/tmp/spans").home
        PosixPath('/tmp/spans')
        """
        _check_names(overrides)
        given = {name: _ARGUMENTS[name](name, value) for name, value in overrides.items() if _is_given(value)}
        folder = given.setdefault("search_from", _working_directory())
        values = _from_variables(_variables(folder), given) | given
        values["home"] = Path(values.get("home") or "~/.spanscore").expanduser()
        return cls(**values)

    @property
    def parent(self) -> str:
        """Where spans go that are given no container, as text: "project_name:default"."""
        project = f"project_id:{self.project_id}" if self.project_id else f"project_name:{self.project}"
        return self.default_parent or project

    def find_api_key(self) -> str | None:
        """The Braintrust key as it is now: given, else of the environment, else of the file, else None."""
        if _is_given(self.api_key):
            return self.api_key
        return _variables(self.search_from).text("BRAINTRUST_API_KEY")

    def require_api_key(self) -> str:
        """The key that `find_api_key` finds. Raises UnauthorizedError naming the three places for it."""
        key = self.find_api_key()
        if key is None:
            raise UnauthorizedError(
                "there is no Braintrust key; give setup(api_key=…), or set BRAINTRUST_API_KEY in the "
                "environment or in a file .env.braintrust in the working directory or a folder above it"
            )
        return key


def _is_given(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _check_names(names: Iterable[str]) -> None:
    known = sorted(field.name for field in fields(Settings))
    if unknown := sorted(set(names) - set(known)):
        raise ConfigError(f"no such setting: {', '.join(unknown)}; there are {', '.join(known)}")


def _working_directory() -> Path | None:
    try:
        return Path.cwd()
    except OSError:
        return None


def _variables(folder: Path | None) -> Variables:
    return Variables(os.environ, EnvFile(folder))  # noqa: TID251 - this package is what reads it


def _from_variables(variables: Variables, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the variables say about what is not given."""
    found = {name: read(variables) for name, read in _READERS.items() if name not in given}
    found |= _containers(variables, given) | _environment(variables, given)
    return {name: value for name, value in found.items() if value is not None}


def _containers(variables: Variables, given: Mapping[str, Any]) -> dict[str, str | None]:
    """The containers found; one that is given hides those of a higher rank."""
    found: dict[str, str | None] = {}
    for name, variable_names in _CONTAINERS.items():
        if name in given:
            break
        found[name] = variables.text(*variable_names)
    return found


def _environment(variables: Variables, given: Mapping[str, Any]) -> dict[str, str | None]:
    """Type and name of the environment. One that is given or set is not completed by a guess."""
    found = {name: variables.text(variable) for name, variable in _ENVIRONMENT.items() if name not in given}
    if len(found) == len(_ENVIRONMENT) and not any(found.values()):
        return dict(zip(_ENVIRONMENT, variables.continuous_integration(), strict=True))
    return found
