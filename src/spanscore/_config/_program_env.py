"""The environment of this process, where a command sets or asks for more than settings."""

import os
from collections.abc import Mapping
from pathlib import Path

from spanscore._config._dotenv import parse_dotenv
from spanscore.errors import ConfigError


def load_env_file(path: Path) -> None:
    """Put the variables of a dotenv file into the environment; those that are set already stay as they are.

    Raises ConfigError if it cannot be read, or is no dotenv file.
    """
    try:
        values = parse_dotenv(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}; give a file of lines NAME=value") from error
    if values is None:
        raise ConfigError(f"{path} is no file of lines NAME=value")
    for name, value in values.items():
        os.environ.setdefault(name, value)  # noqa: TID251 - this package is what touches it


def set_variables(values: Mapping[str, str | None]) -> None:
    """Set variables for this process and those that it starts; None leaves one as it is."""
    os.environ.update({name: value for name, value in values.items() if value is not None})  # noqa: TID251


def step_summary_file() -> Path | None:
    """The file that GitHub Actions shows on the page of the run; None elsewhere."""
    path = os.environ.get("GITHUB_STEP_SUMMARY", "")  # noqa: TID251
    return Path(path) if path.strip() else None
