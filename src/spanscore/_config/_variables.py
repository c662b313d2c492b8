"""Variables read as what they mean; a value that cannot be used is named together with its remedy."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spanscore._config import _accepted as accepted
from spanscore._config._env_file import EnvFile
from spanscore.errors import ConfigError

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})
_SIZE = re.compile(r"(\d+)\s*(|k|m|g)(?:ib)?", re.IGNORECASE)
_SHIFT = {"": 0, "k": 10, "m": 20, "g": 30}
_SERVICES = {
    "GITHUB_ACTIONS": "github_actions",
    "GITLAB_CI": "gitlab_ci",
    "CIRCLECI": "circleci",
    "BUILDKITE": "buildkite",
    "JENKINS_URL": "jenkins",
    "CI": None,
}
"""The variables that services of continuous integration set, each with what it is called."""


@dataclass(frozen=True, slots=True)
class Variables:
    """The process environment, and for the few names it may give the nearest `.env.braintrust` after it.

    Every reader answers None for a variable that is missing or blank.
    """

    environ: Mapping[str, str]
    file: EnvFile

    def of_process(self, name: str) -> str | None:
        """The variable of the process environment only."""
        value = self.environ.get(name, "")
        return value if value.strip() else None

    def text(self, *names: str) -> str | None:
        """The first of these that is set in the environment, else the first that is in the file."""
        for read in (self.of_process, self.file.text):
            for name in names:
                if (value := read(name)) is not None:
                    return value
        return None

    def url(self, name: str) -> str | None:
        """The address of a server."""
        value = self.text(name)
        return None if value is None else accepted.url(name, value)

    def flag(self, *names: str) -> bool | None:
        """True or false, written as 1, true, yes, on or 0, false, no, off."""
        for name in names:
            value = self.text(name)
            if value is None:
                continue
            if value.strip().lower() not in _TRUE | _FALSE:
                raise ConfigError(f"{name} is {value!r}; give true or false")
            return value.strip().lower() in _TRUE
        return None

    def wants_messages_on_spans(self) -> bool | None:
        """OpenTelemetry's switch for messages in `gen_ai.*`; its other values are for other signals."""
        value = self.text("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT")
        return None if value is None else value.strip().lower() in _TRUE | {"span_only", "span_and_event"}

    def switch(self, name: str) -> bool:
        """Whether a variable is set to anything but a word for no."""
        value = self.of_process(name)
        return value is not None and value.strip().lower() not in _FALSE

    def whole(self, name: str, *, least: int) -> int | None:
        """A whole number."""
        value = self.text(name)
        if value is None:
            return None
        try:
            number = int(value)
        except ValueError:
            number = least - 1
        if number < least:
            raise ConfigError(f"{name} is {value!r}; give a whole number, {least} or more")
        return number

    def size(self, name: str, *, least: int = 1) -> int | None:
        """Bytes: a whole number, or one with KiB, MiB or GiB."""
        value = self.text(name)
        if value is None:
            return None
        found = _SIZE.fullmatch(value.strip())
        number = int(found[1]) << _SHIFT[found[2].lower()] if found else least - 1
        if number < least:
            raise ConfigError(f"{name} is {value!r}; give bytes, such as 1048576, or 512MiB or 2GiB")
        return number

    def seconds_of_days(self, name: str) -> float | None:
        """Seconds, from a number of days."""
        value = self.text(name)
        if value is None:
            return None
        try:
            days = float(value)
        except ValueError:
            days = 0.0
        if not (days > 0 and math.isfinite(days)):
            raise ConfigError(f"{name} is {value!r}; give a number of days above 0, such as 7 or 0.5")
        return days * 86_400.0

    def choice(self, name: str, choices: Sequence[str]) -> str | None:
        """One of the choices, in any case."""
        value = self.text(name)
        return None if value is None else accepted.choice(name, value.strip().lower(), choices, shown=value)

    def names(self, name: str, choices: Sequence[str]) -> tuple[str, ...] | None:
        """Some of the choices, separated by commas; each once, in the order given."""
        value = self.text(name)
        if value is None:
            return None
        given = [word.strip().lower() for word in value.split(",") if word.strip()]
        return accepted.some(name, given or [value], choices, shown=value)

    def continuous_integration(self) -> tuple[str | None, str | None]:
        """Type and name of the environment, ("ci", "github_actions"), if a variable says so; else twice None.

        Only what says so is believed: nothing is inferred from what is missing.
        """
        for variable, name in _SERVICES.items():
            if self.switch(variable):
                return "ci", name
        return None, None
