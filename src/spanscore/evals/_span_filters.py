"""Which spans of a trace are asked for, in the official SDK's words."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypedDict, cast

from spanscore.errors import ConfigError
from spanscore.wire.rows import Row


class DurationFilter(TypedDict, total=False):
    """Bounds of a span's duration in seconds, both inclusive."""

    min: float
    max: float


class SpanFilters(TypedDict, total=False):
    """What a span has to be like; all that is given has to hold.

    `span_type` and `name` list what is wanted, `has_error` says whether something went wrong, `metadata` has
    values by key, at any depth (None: the key is absent or null).
    """

    span_type: list[str]
    name: list[str]
    has_error: bool
    metadata: dict[str, Any]
    duration: DurationFilter


_KNOWN: Final = tuple(SpanFilters.__annotations__)
_BOUNDS: Final = ("min", "max")


def checked_filters(filters: Any, span_type: Sequence[str] | None = None) -> SpanFilters:
    """The filters, with those of the argument `span_type` among them. Raises ConfigError.

    An empty `span_type` argument asks for nothing in particular; an empty list among the filters matches no
    span.
    """
    if filters is not None and not isinstance(filters, Mapping):
        raise ConfigError(f"filters is {filters!r}; give a dict, such as {{'span_type': ['llm']}}")
    given = dict(cast("Mapping[str, Any]", filters or {}))
    if span_type is not None and "span_type" in given:
        raise ConfigError("span_type is given twice; give it directly or in filters")
    if span_type:
        given["span_type"] = span_type
    for name, value in given.items():
        if name not in _KNOWN:
            raise ConfigError(f"there is no filter {name!r}; give some of {', '.join(_KNOWN)}")
        _check(name, value)
    return cast("SpanFilters", given)


def is_match(row: Row, filters: SpanFilters) -> bool:
    """True if the span passes all filters, which have been checked."""
    if "span_type" in filters and row.type not in filters["span_type"]:
        return False
    if "name" in filters and row.name not in filters["name"]:
        return False
    if "has_error" in filters and (row.error is not None) != filters["has_error"]:
        return False
    bounds = filters.get("duration", {})
    if not bounds.get("min", -math.inf) <= row.duration_s <= bounds.get("max", math.inf):
        return False
    return _has_metadata(row, filters.get("metadata", {}))


def _check(name: str, value: Any) -> None:
    if name in ("span_type", "name"):
        if isinstance(value, str) or not isinstance(value, Sequence) or not _are_texts(cast("Any", value)):
            raise ConfigError(f"filters['{name}'] is {value!r}; give a list of texts")
    elif name == "has_error":
        if not isinstance(value, bool):
            raise ConfigError(f"filters['has_error'] is {value!r}; give True or False")
    elif not isinstance(value, Mapping):
        raise ConfigError(f"filters['{name}'] is {value!r}; give a dict")
    elif name == "duration":
        _check_bounds(cast("Mapping[str, Any]", value))


def _check_bounds(bounds: Mapping[str, Any]) -> None:
    for bound, seconds in bounds.items():
        is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
        if bound not in _BOUNDS or not is_number or not math.isfinite(seconds):
            raise ConfigError(f"filters['duration'] has {bound!r}: {seconds!r}; give seconds as min and max")


def _are_texts(values: Sequence[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _has_metadata(row: Row, wanted: Mapping[str, Any]) -> bool:
    if not wanted:
        return True
    metadata = row.metadata
    return all(_is_same(_at(metadata, path), value) for path, value in _leaves(wanted))


def _leaves(wanted: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in wanted.items():
        if isinstance(value, Mapping):
            yield from _leaves(cast("Mapping[str, Any]", value), (*path, key))
        else:
            yield (*path, key), value


def _at(metadata: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        metadata = cast("Mapping[str, Any]", metadata).get(key) if isinstance(metadata, Mapping) else None
    return metadata


def _is_same(found: Any, wanted: Any) -> bool:
    """Equality as in JSON, where true is not 1, inside lists too."""
    if isinstance(found, bool) != isinstance(wanted, bool):
        return False
    if isinstance(wanted, list | tuple) and isinstance(found, list):
        pairs = zip(cast("list[Any]", found), cast("Sequence[Any]", wanted), strict=False)
        same_length = len(cast("list[Any]", found)) == len(cast("Sequence[Any]", wanted))
        return same_length and all(_is_same(one, other) for one, other in pairs)
    if isinstance(wanted, Mapping) and isinstance(found, dict):
        one, other = cast("dict[str, Any]", found), cast("Mapping[str, Any]", wanted)
        return one.keys() == other.keys() and all(_is_same(one[key], other[key]) for key in one)
    return found == wanted
