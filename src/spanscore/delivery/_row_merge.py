"""Updates of rows as requests to Braintrust's merge API."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import orjson

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


_REPLACED: Final = frozenset({"input", "output", "expected"})
"""Fields whose values are replaced; those of others are merged deeply."""


def encode_row(update: RowUpdate, container: Mapping[str, str]) -> bytes:
    """The update as a row that is merged into the one that is there; its JSON texts are taken as they are."""
    span_id = f"{update.span_id:016x}"
    replaced = [[name] for name in update.fields if name in _REPLACED]
    row: dict[str, Any] = {name: orjson.Fragment(utf8(text)) for name, text in update.fields.items()}
    return orjson.dumps(
        {
            **row,
            **container,
            "id": span_id,
            "span_id": span_id,
            "root_span_id": f"{update.trace_id:032x}",
            "_is_merge": True,
            **({"_merge_paths": replaced} if replaced else {}),
        }
    )


def encode_merges(rows: Iterable[tuple[RowUpdate, Mapping[str, str]]]) -> Iterator[bytes]:
    """Request bodies for the updates with their containers, to be sent one after the other.

    No body has two updates of one row: the service merges those of one request in no order that it promises.
    """
    batch: list[bytes] = []
    size = 0
    within: set[tuple[object, ...]] = set()
    for update, container in rows:
        row = encode_row(update, container)
        key = (update.trace_id, update.span_id, *sorted(container.items()))
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
