"""Gates that a project keeps in its pyproject.toml."""

import importlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

from spanscore.errors import ConfigError
from spanscore.evals.gates import Gate, parse_gates

_FILE: Final = "pyproject.toml"
_KEYS: Final = ("fail_if", "fail_on_regression")
_TABLE: Final = re.compile(r"^\s*\[\s*tool\s*\.\s*spanscore\s*[.\]]", re.MULTILINE)


def project_gates(folder: Path) -> tuple[Gate, ...]:
    """The gates in `[tool.spanscore.gates]` of the nearest pyproject.toml at or above `folder`; often none.

    Raises ConfigError, which names the file, if they cannot be read: on Python 3.10 that takes `tomli`.
    """
    file = next((each / _FILE for each in (folder, *folder.parents) if (each / _FILE).is_file()), None)
    if file is None:
        return ()
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read, and may have gates: {error}") from error
    if not _TABLE.search(text):
        return ()
    try:
        wanted = _wanted(_tables(text, file))
        return parse_gates(wanted["fail_if"], wanted["fail_on_regression"])
    except ConfigError as error:
        raise ConfigError(f"{file}: {error}") from error


def _tables(text: str, file: Path) -> Mapping[str, Any]:
    for name in ("tomllib", "tomli"):
        try:
            toml: Any = importlib.import_module(name)
        except ModuleNotFoundError:
            continue
        try:
            return toml.loads(text)
        except toml.TOMLDecodeError as error:
            raise ConfigError(f"is no TOML: {error}") from error
    raise ConfigError(
        f"[tool.spanscore] of {file.name} is read with Python 3.11 or with tomli; pip install tomli"
    )


def _wanted(tables: Mapping[str, Any]) -> dict[str, list[str]]:
    given = _table(_table(_table(tables, "tool"), "spanscore"), "gates")
    unknown = [name for name in given if name not in _KEYS]
    if unknown:
        raise ConfigError(f"[tool.spanscore.gates] has {unknown[0]!r}; it may have {' and '.join(_KEYS)}")
    wanted = {name: given.get(name, []) for name in _KEYS}
    for name, texts in wanted.items():
        if not isinstance(texts, list) or not all(isinstance(each, str) for each in cast("list[Any]", texts)):
            raise ConfigError(f"[tool.spanscore.gates] {name} is {texts!r}; give a list of texts")
    return wanted


def _table(tables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = tables.get(name, {})
    if not isinstance(found, dict):
        raise ConfigError(f"{name} is {found!r}, and should be a table")
    return cast("Mapping[str, Any]", found)
