"""Rows of an experiment as Braintrust's SDK gives them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_KEPT: Final = ("id", "input", "expected", "metadata", "tags", "_xact_id", "created")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentIdentifier:
    """Id and name of an experiment."""

    id: str
    name: str


def newest_version(rows: Iterable[Mapping[str, Any]]) -> str | None:
    """The largest transaction of the rows, as text; None if none has one."""
    numbers = (int(found) for row in rows if (found := str(row.get("_xact_id") or "")).isdigit())
    largest = max(numbers, default=None)
    return None if largest is None else str(largest)


def as_cases(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """What a dataset would have of these rows: the roots, `expected` being the output where there is none."""
    for row in rows:
        if row.get("root_span_id") == row.get("span_id") or row.get("is_root") or not row.get("span_parents"):
            case = {name: row.get(name) for name in _KEPT}
            yield {**case, "expected": row.get("output") if case["expected"] is None else case["expected"]}
