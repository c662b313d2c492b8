"""The nearest `.env.braintrust`: where the settings wizard of Braintrust leaves a key for local runs."""

import stat
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from spanscore._config._dotenv import parse_dotenv

NAME = ".env.braintrust"
ALLOWED = frozenset(
    {
        "BRAINTRUST_API_KEY",
        "BRAINTRUST_API_URL",
        "BRAINTRUST_APP_URL",
        "BRAINTRUST_ENVIRONMENT_NAME",
        "BRAINTRUST_ENVIRONMENT_TYPE",
        "BRAINTRUST_ORG_NAME",
        "BRAINTRUST_PROJECT",
        "BRAINTRUST_PROJECT_ID",
    }
)
"""The variables that the file may give; everything else in it is ignored."""

_MOST_PARENTS = 64
_MOST_BYTES = 1 << 20


class EnvFile:
    """The first `.env.braintrust` in `folder` or its parents (64 at most), read once, when first asked.

    The nearest one that exists is the only one looked at, even if it lacks the variable or cannot be read.
    Whatever is wrong with it, it then gives nothing. It never reaches `os.environ` and is never logged.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def text(self, name: str) -> str | None:
        """The value of an allowed variable as it stands in the file; None if missing or blank."""
        value = self._values.get(name, "") if name in ALLOWED else ""
        return value if value.strip() else None

    @cached_property
    def _values(self) -> Mapping[str, str]:
        try:
            path = _nearest((self._folder or Path.cwd()).absolute())
            text = _read(path) if path else ""
        except (OSError, ValueError):
            return {}
        return parse_dotenv(text) or {}


def _nearest(folder: Path) -> Path | None:
    """The first candidate that exists. Raises OSError when one cannot be looked at."""
    for candidate in [folder, *folder.parents[:_MOST_PARENTS]]:
        try:
            (candidate / NAME).stat()
        except (FileNotFoundError, NotADirectoryError):
            continue
        return candidate / NAME
    return None


def _read(path: Path) -> str:
    """The text of a plain file: opening a pipe of that name would wait for ever."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode) or found.st_size > _MOST_BYTES:
        raise ValueError("not a settings file")
    return path.read_text(encoding="utf-8")
