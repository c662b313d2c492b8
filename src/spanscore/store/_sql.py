"""The texts of the queries, one file each."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

_ENDING: Final = ".sql"


def sql(name: str) -> str:
    """The text of the query in `sql/<name>.sql`."""
    return texts()[name]


@cache
def texts() -> Mapping[str, str]:
    """All queries by name, read at once: one that is read later may find no file handle left."""
    found: dict[str, str] = {}
    pending = [("", files("spanscore.store") / "sql")]
    while pending:
        prefix, folder = pending.pop()
        for file in folder.iterdir():
            if file.name.endswith(_ENDING):
                found[prefix + file.name.removesuffix(_ENDING)] = file.read_text(encoding="utf-8")
            elif file.is_dir():
                pending.append((f"{prefix}{file.name}/", file))
    return found
