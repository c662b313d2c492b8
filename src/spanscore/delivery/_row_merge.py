"""Updates of rows as requests to Braintrust's merge API."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import orjson

from spanscore._json import from_json
from spanscore.delivery._otlp_values import utf8
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.records import RowUpdate

MAX_ROWS: Final = 100
MAX_REQUEST: Final = 6_000_000
"""Bytes of a request: what the service takes when it does not say."""

_BEFORE: Final = b'{"rows":['
_AFTER: Final = b'],"api_version":2}'


def container_of(parent: Parent) -> dict[str, str]:
    """The columns that name the container; a project must be named by its id."""
    if parent.kind is ParentKind.EXPERIMENT_ID:
        return {"experiment_id": parent.value}
    if parent.kind is ParentKind.PLAYGROUND_ID:
        return {"prompt_session_id": parent.value, "log_id": "x"}
    return {"project_id": parent.value, "log_id": "g"}


_ID: Final = "_row_id"
_COMMENTS: Final = "comments"
_OF_COMMENTS: Final = frozenset({_ID, _COMMENTS, "_audit_source", "_audit_metadata"})
_REPLACED: Final = frozenset({"input", "output", "expected"})
"""Fields whose values are replaced; those of others are merged deeply."""


def encode_row(update: RowUpdate, container: Mapping[str, str]) -> bytes:
    """The update as a row that is merged into the one that is there; its JSON texts are taken as they are.

    Of an update that knows its row by the id alone no ids of spans are told.
    """
    span_id = f"{update.span_id:016x}"
    replaced = [[name] for name in update.fields if name in _REPLACED]
    told = {name: text for name, text in update.fields.items() if name not in (_ID, _COMMENTS)}
    row: dict[str, Any] = {name: orjson.Fragment(utf8(text)) for name, text in told.items()}
    ids = {"span_id": span_id, "root_span_id": f"{update.trace_id:032x}"} if update.trace_id else {}
    return orjson.dumps(
        {
            **row,
            **container,
            "id": _row_id(update),
            **ids,
            "_is_merge": True,
            **({"_merge_paths": replaced} if replaced else {}),
        }
    )


def encode_comments(update: RowUpdate, container: Mapping[str, str]) -> list[bytes]:
    """The comments of an update, each a row of its own that names the one it is about."""
    origin = {"origin": {"id": _row_id(update)}}
    comments = from_json(update.fields.get(_COMMENTS, "[]"))
    return [orjson.dumps({**comment, **container, **origin}) for comment in comments]


def _row_id(update: RowUpdate) -> str:
    return str(from_json(update.fields[_ID])) if _ID in update.fields else f"{update.span_id:016x}"


def encode_merge(
    update: RowUpdate, container: Mapping[str, str]
) -> Iterator[tuple[tuple[object, ...], bytes]]:
    """Each row that an update is, with the key that it has in a request."""
    key = key_of(_row_id(update), container)
    if not update.fields.keys() <= _OF_COMMENTS:
        yield key, encode_row(update, container)
    for number, comment in enumerate(encode_comments(update, container)):
        yield (*key, number), comment


def key_of(row_id: str, container: Mapping[str, str]) -> tuple[object, ...]:
    """What a row is known by in a request."""
    return (row_id, *sorted(container.items()))


def in_bodies(rows: Iterable[tuple[tuple[object, ...], bytes]]) -> Iterator[bytes]:
    """Request bodies of encoded rows with the keys that they have in a request, in their order.

    No body has two of one key: the service takes those of one request in no order that it promises.
    """
    batch: list[bytes] = []
    size = 0
    within: set[tuple[object, ...]] = set()
    for key, row in rows:
        is_full = len(batch) == MAX_ROWS or size + len(row) + 1 > MAX_REQUEST - len(_BEFORE) - len(_AFTER)
        if batch and (is_full or key in within):
            yield _BEFORE + b",".join(batch) + _AFTER
            batch, size = [], 0
            within.clear()
        batch.append(row)
        within.add(key)
        size += len(row) + 1
    if batch:
        yield _BEFORE + b",".join(batch) + _AFTER
