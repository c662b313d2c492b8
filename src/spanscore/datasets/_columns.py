"""Which columns of a table mean what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, cast

from spanscore._json import to_json
from spanscore.errors import CaseError, ConfigError
from spanscore.wire.rows import FIELDS

_OF_A_CASE: Final = frozenset(
    {"input", "expected", "output", "metadata", "tags", "id", "trial_count", "origin", "source"}
)
_OF_A_ROW: Final = frozenset(
    {
        *FIELDS,
        *_OF_A_CASE,
        *("span_id", "root_span_id", "span_parents", "is_root", "created", "_xact_id", "_pagination_key"),
        *("org_id", "project_id", "experiment_id", "dataset_id", "prompt_session_id", "log_id"),
        *("audit_data", "facets", "_async_scoring_state", "dataset_record_id"),
    }
)
"""Columns of rows as Braintrust has them, most of which tell nothing of a case."""

_SIGNS_OF_A_ROW: Final = frozenset({"span_id", "_xact_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns that make a case, where their names do not say it.

    One for `input` is the input itself, several are an object of them; those of `metadata` are keys of it.
    """

    input: Sequence[str] = ()
    expected: Sequence[str] = ()
    metadata: Sequence[str] = ()
    tags: str | None = None
    id: str | None = None


AS_NAMED: Final = Columns()
"""Columns mean what they are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    input: tuple[str, ...]
    is_object: bool
    expected: tuple[str, ...]
    metadata: tuple[str, ...] = field(default=())
    tags: str | None
    id: str | None
    others: tuple[str, ...]


def to_record(row: Mapping[str, Any], columns: Columns, where: str, how: str) -> dict[str, Any]:
    """The case in a row of a table: `input`, and what there is of `expected, metadata, tags, id, …`.

    A column "input" is the input. Where there is none, but one "expected" (or "output", which is taken for
    it), the input is an object of all columns that mean nothing else. Columns besides an input become keys
    of the metadata. `where` says in an error where the row is, `how` by what columns may be named. Raises
    ConfigError if it cannot be told what the input is, CaseError for a row that is no case.
    """
    names = tuple(row)
    try:
        plan = _plan(names, _frozen(columns), how)
    except ConfigError as error:
        raise ConfigError(f"{where} {error}") from None
    record: dict[str, Any] = {"input": _value(row, plan.input, is_object=plan.is_object)}
    if plan.expected:
        record["expected"] = _value(row, plan.expected, is_object=len(plan.expected) > 1)
    about = {name: row[name] for name in plan.metadata if row[name] is not None}
    metadata = {**about, **_metadata(row.get("metadata"), where)}
    if metadata:
        record["metadata"] = metadata
    tags = _tags(None if plan.tags is None else row[plan.tags], where)
    if tags is not None:
        record["tags"] = tags
    if plan.id is not None and row[plan.id] is not None:
        record["id"] = str(row[plan.id])
    record |= {name: row[name] for name in plan.others if row[name] is not None}
    return record


_Frozen = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], str | None, str | None]


def _frozen(columns: Columns) -> _Frozen:
    return tuple(columns.input), tuple(columns.expected), tuple(columns.metadata), columns.tags, columns.id


@lru_cache(maxsize=64)
def _plan(names: tuple[str, ...], given: _Frozen, how: str) -> _Plan:
    inputs, expected, metadata, tags, id_ = given
    wanted = [*inputs, *expected, *metadata, *(name for name in (tags, id_) if name is not None)]
    missing = [name for name in wanted if name not in names]
    if missing:
        raise ConfigError(f"has no column {', '.join(map(repr, missing))}; it has {_listed(names)}")
    expected = expected or tuple(name for name in ("expected", "output") if name in names)[:1]
    used = {*wanted, *expected}
    is_object = len(inputs) > 1
    if not inputs:
        inputs, is_object = _inputs(names, used, how)
    free = _free(names, {*used, *inputs})
    return _Plan(
        input=inputs,
        is_object=is_object,
        expected=expected,
        metadata=metadata or free,
        tags=tags or ("tags" if "tags" in names else None),
        id=id_ or ("id" if "id" in names else None),
        others=tuple(name for name in ("trial_count", "origin") if name in names),
    )


def _inputs(names: Sequence[str], used: Collection[str], how: str) -> tuple[tuple[str, ...], bool]:
    if "input" in names:
        return ("input",), False
    rest = _free(names, used)
    if rest and any(name in names for name in ("expected", "output")):
        return rest, True
    raise ConfigError(f"has no column 'input'; it has {_listed(names)}. Rename one, or say which by {how}")


def _free(names: Sequence[str], used: Collection[str]) -> tuple[str, ...]:
    """The columns that mean nothing yet."""
    taken = _OF_A_CASE if _SIGNS_OF_A_ROW.isdisjoint(names) else _OF_A_ROW
    return tuple(name for name in names if name not in used and name not in taken)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names)) or "none"


def _value(row: Mapping[str, Any], names: Sequence[str], *, is_object: bool) -> Any:
    return {name: row[name] for name in names} if is_object else row[names[0]]


def _metadata(value: Any, where: str) -> Mapping[str, Any]:
    if value is None or isinstance(value, Mapping):
        return cast("Mapping[str, Any]", value or {})
    raise CaseError(f'{where} has metadata {_short(value)}; give an object, such as {{"source": "faq"}}')


def _tags(value: Any, where: str) -> list[str] | None:
    if value is None:
        return None
    if isinstance(value, str):
        return [tag for part in value.split(",") if (tag := part.strip())]
    if isinstance(value, Collection) and not isinstance(value, Mapping):
        tags = list(cast("Collection[Any]", value))
        if all(isinstance(tag, str) for tag in tags):
            return tags
    raise CaseError(f'{where} has tags {_short(value)}; give a list of texts, such as ["smoke"]')


def _short(value: Any) -> str:
    return to_json(value, max_bytes=200)
