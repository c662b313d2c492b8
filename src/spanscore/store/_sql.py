"""The texts of the queries, one file each."""

from functools import cache
from importlib.resources import files


@cache
def sql(name: str) -> str:
    """The text of the query in `sql/<name>.sql`."""
    return files("spanscore.store").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
