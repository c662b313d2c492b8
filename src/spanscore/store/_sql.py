"""The texts of the queries, one file each."""

from functools import cache
from importlib.resources import files


@cache
def sql(name: str) -> str:
    """The text of the query in `sql/<name>.sql`."""
    file = files("spanscore.store") / f"sql/{name}.sql"
    return file.read_text(encoding="utf-8")
