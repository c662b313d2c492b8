"""Changes of a dataset's records laid over what the records have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from spanscore._json import JsonText, from_json
from spanscore.store._attributes import as_json
from spanscore.wire.datasets import RECORD_FIELDS, DatasetChange

_NULL: Final = "null"

Values = dict[str, JsonText]
"""JSON texts of a record's fields; what is null is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A record as a transaction leaves it."""

    values: Values
    created: str
    is_deleted: bool = False


def changed(before: Revision | None, change: DatasetChange, now: str) -> Revision | None:
    """The record after a change; None where there is nothing to delete. `now` is ISO 8601 in UTC."""
    there = None if before is None or before.is_deleted else before
    if change.kind == "delete":
        return before and Revision(values={}, created=before.created, is_deleted=True)
    if change.kind == "insert" or there is None:
        return Revision(values=_given(change), created=change.created or now)
    return Revision(values=_merged(there.values, change), created=there.created)


def _given(change: DatasetChange) -> Values:
    return {
        name: change.fields[name]
        for name in RECORD_FIELDS
        if name in change.fields and change.fields[name] != _NULL
    }


def _merged(before: Values, change: DatasetChange) -> Values:
    after = dict(before)
    for name in RECORD_FIELDS:
        text = change.fields.get(name)
        if text is None:
            continue
        if name in after:
            text = _over(after[name], text, name, change.merge_paths)
        after[name] = text
    if change.removed and "tags" in after:
        tags: list[Any] = from_json(after["tags"])
        after["tags"] = as_json([tag for tag in tags if tag not in change.removed])
    return {name: text for name, text in after.items() if text != _NULL}


def _over(first: JsonText, second: JsonText, name: str, paths: Sequence[Sequence[str]]) -> JsonText:
    if name == "tags" and first.startswith("[") and second.startswith("["):
        tags: list[Any] = from_json(first)
        return as_json([*tags, *(tag for tag in from_json(second) if tag not in tags)])
    if not (first.startswith("{") and second.startswith("{")):
        return second
    below = [tuple(path[1:]) for path in paths if path and path[0] == name]
    return as_json(merged(from_json(first), from_json(second), below))


def merged(first: Any, second: Any, stops: Sequence[tuple[str, ...]] = ()) -> Any:
    """`second` laid over `first`: objects merge at every depth, but what is at one of the `stops` replaces.

    Neither argument is changed.
    """
    if () in stops or not (isinstance(first, dict) and isinstance(second, dict)):
        return second
    both: dict[str, Any] = dict(cast("dict[str, Any]", first))
    for key, value in cast("Mapping[str, Any]", second).items():
        below = [stop[1:] for stop in stops if stop[0] == key]
        both[key] = merged(both[key], value, below) if key in both else value
    return both
