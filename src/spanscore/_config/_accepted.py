"""What is accepted as an argument or a variable; anything else is an error that names it and the remedy."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from spanscore.errors import ConfigError


def text(name: str, value: Any) -> str:
    """The value if it is a str."""
    if not isinstance(value, str):
        raise ConfigError(f"{name} is {value!r}; give text")
    return value


def folder(name: str, value: Any) -> Path:
    """The path of a folder, from a str or a Path."""
    if not isinstance(value, str | Path):
        raise ConfigError(f"{name} is {value!r}; give the path of a folder, as text or a Path")
    return Path(value)


def url(name: str, value: Any) -> str:
    """The address of a server, without slashes at its end. What stands before an @ in it is never shown."""
    address = value.strip() if isinstance(value, str) else ""
    if not _is_address(address):
        shown = f"…@{value.rpartition('@')[2]}" if isinstance(value, str) and "@" in value else value
        raise ConfigError(f"{name} is {shown!r}; give a URL that begins with http:// or https://")
    return address.rstrip("/")


def key(name: str, value: Any) -> str:
    """The value, without blanks around it, if it can be sent as a key. It is not shown."""
    stripped = value.strip() if isinstance(value, str) else "\n"
    if not all("!" <= character <= "~" for character in stripped):
        raise ConfigError(f"{name} cannot be a key; give printable ASCII characters without blanks")
    return stripped


def flag(name: str, value: Any) -> bool:
    """The value if it is a bool."""
    if not isinstance(value, bool):
        raise ConfigError(f"{name} is {value!r}; give True or False")
    return value


def whole(name: str, value: Any, *, least: int) -> int:
    """The value if it is a whole number that is large enough."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ConfigError(f"{name} is {value!r}; give a whole number, {least} or more")
    return value


def seconds(name: str, value: Any) -> float:
    """The value if it is a finite number above 0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise ConfigError(f"{name} is {value!r}; give a number of seconds above 0")
    return value


def choice(name: str, value: Any, choices: Sequence[str], *, shown: str | None = None) -> str:
    """The value if it is one of the choices."""
    if value not in choices:
        raise ConfigError(f"{name} is {shown or value!r}; give {', '.join(choices[:-1])} or {choices[-1]}")
    return value


def some(name: str, values: Any, choices: Sequence[str], *, shown: str | None = None) -> tuple[str, ...]:
    """The values, each once, if they are a list, a tuple or a set of choices."""
    if not isinstance(values, list | tuple | set | frozenset):
        raise ConfigError(f"{name} is {values!r}; give a list, such as [{choices[0]!r}]")
    given: Sequence[Any] = list(values)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if not all(value in choices for value in given):
        shown = ",".join(map(str, given)) if shown is None else shown
        remedy = f"give one or more of {', '.join(choices)}, separated by commas"
        raise ConfigError(f"{name} is {shown!r}; {remedy}")
    return tuple(dict.fromkeys(given))


def _is_address(address: str) -> bool:
    if not address.isprintable() or " " in address:
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
