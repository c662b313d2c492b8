"""Rows in the file: from a Row to the columns of its tables, and back."""

import math
import re
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, cast

from spanscore._json import JsonText, canonical_json, from_json
from spanscore.store._attributes import as_json
from spanscore.store._blocks import fields_of, unpack
from spanscore.store._containers import Container, read_container
from spanscore.store._label import label
from spanscore.store._sql import sql
from spanscore.wire.rows import Row

Key = tuple[bytes, bytes, int]
"""What a row is known by: trace id, span id, number of the container."""

_TOKENS: Final = ("tokens", "prompt_tokens", "completion_tokens", "estimated_cost")
_NO_TOKENS: Final = (None,) * len(_TOKENS)
_MEASURED_OTHERWISE: Final = frozenset({*_TOKENS, "duration", "start", "end"})
"""Metrics that mean what is read off the spans of a case, and sums over its model calls."""
_OF_EXPERIMENTS: Final = "experiment_id:"
_CACHED_BLOCKS: Final = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stored row is: its number, container and key, its block and slot."""

    row: int
    container: int
    key: Key
    block: int
    slot: int

    @classmethod
    def of(cls, columns: tuple[Any, ...]) -> "Place":
        """The place in what a query for a row's columns gives."""
        row, container, trace_id, span_id, *_others, block, slot = columns
        return cls(row, container, (trace_id, span_id, container), block, slot)


def row_columns(row: Row) -> tuple[Any, ...]:
    """Columns of the table `rows` from `parent_id` to `estimated_cost`."""
    return (
        None if row.parent_span_id is None else bytes.fromhex(row.parent_span_id),
        row.name,
        row.type,
        row.start_ns,
        row.end_ns,
        "error" in row.fields,
        *(_tokens(row.fields) if row.type == "llm" else _NO_TOKENS),
    )


def _tokens(fields: Mapping[str, JsonText]) -> tuple[float | None, ...]:
    if "metrics" not in fields or label(fields.get("span_attributes")).purpose == "scorer":
        return _NO_TOKENS
    metrics = from_json(fields["metrics"])
    return tuple(_number(metrics.get(name)) for name in _TOKENS)


def score_columns(row: Row) -> Iterator[tuple[Any, ...]]:
    """Columns of the table `scores` from `place` on, for each score of the row."""
    is_score = row.type == "score"
    scorer = row.name if is_score else None
    is_error = is_score and "error" in row.fields
    scores: dict[str, Any] = from_json(row.fields["scores"]) if "scores" in row.fields else {}
    case = (
        _case_id(row, row.parent_span_id if is_score else row.span_id) if is_score or is_case(row) else None
    )
    if is_error:
        for place, name in enumerate(scores or (None,)):
            yield place, case, scorer, name, None, True
        return
    for place, (name, value) in enumerate(scores.items()):
        number = _number(value)
        if value is None or number is not None:
            yield place, case, scorer, name, number, False


def metric_columns(row: Row) -> Iterator[tuple[Any, ...]]:
    """Columns of the table `metrics` from `place` on, for what an eval span, or a task, has logged itself."""
    case = _case_id(row, row.span_id if is_case(row) else row.parent_span_id)
    if case is None or not row.parent.startswith(_OF_EXPERIMENTS):
        return
    metrics: dict[str, Any] = from_json(row.fields["metrics"])
    numbers = {name: _number(value) for name, value in metrics.items() if name not in _MEASURED_OTHERWISE}
    for place, (name, number) in enumerate(numbers.items()):
        if number is not None:
            yield place, case, name, number


def is_case(row: Row) -> bool:
    """Whether the row is an eval span: the root of a case's trace."""
    return row.type == "eval" and row.parent_span_id is None


def case_columns(row: Row) -> tuple[Any, ...]:
    """Columns of the table `cases` from `case_id` on, for an eval span."""
    metadata: dict[str, Any] = from_json(row.fields["metadata"]) if "metadata" in row.fields else {}
    trial, attempt = metadata.get("trial_index"), metadata.get("attempt")
    return (
        _case_id(row, row.span_id),
        _case_key(metadata.get("case_key"), row.fields.get("input")),
        trial if _is_small_int(trial) else None,
        attempt if _is_small_int(attempt) else 1,
        "error" in row.fields,
        row.start_ns,
        row.end_ns,
        _cluster(metadata.get("cluster_key")),
    )


def _cluster(given: Any) -> bytes | None:
    """What a case has in common with others; our own evals give its JSON, so that "null" is nothing, too."""
    if given is None or given == "null":
        return None
    return blake2b(canonical_json(as_json(given)), digest_size=16).digest()


def label_columns(row: Row) -> Iterator[tuple[Any, ...]]:
    """Columns of the table `classifications` from `place` on, for each label of an eval span."""
    if "classifications" not in row.fields:
        return
    given: dict[str, Any] = from_json(row.fields["classifications"])
    labels = [(name, text) for name, found in given.items() for text in _labels(found)]
    for place, (name, text) in enumerate(labels):
        yield place, _case_id(row, row.span_id), name, text


def _labels(found: Any) -> Iterator[str]:
    """Texts of one label or several: what people read, else what programs do."""
    for each in cast("list[Any]", found) if isinstance(found, list) else [found]:
        about = cast("dict[str, Any]", each) if isinstance(each, dict) else {"label": each}
        text = next((about[key] for key in ("label", "id", "name") if about.get(key) is not None), None)
        if text is not None:
            yield text if isinstance(text, str) else as_json(text)


def _case_id(row: Row, span_id: str | None) -> bytes | None:
    return None if span_id is None else bytes.fromhex(row.root_span_id + span_id)


_HASH: Final = re.compile("[0-9a-f]{32}")
"""What our own evals give: already the hash of the input that is computed below for others."""


def _case_key(given: Any, text: JsonText | None) -> bytes:
    """What cases of two experiments are matched by: the key that the eval gave, else the input."""
    if isinstance(given, str):
        if _HASH.fullmatch(given):
            return bytes.fromhex(given)
        content = given.encode("utf-8", "replace")
    else:
        content = canonical_json(text or "null")
    return blake2b(content, digest_size=16).digest()


def _is_small_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63


def _number(value: Any) -> float | None:
    """A finite number; True and False are 1 and 0."""
    if not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


class RowReader:
    """Makes Rows of their columns, unpacking each block once while its rows are neighbours."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._blocks: OrderedDict[int, list[str]] = OrderedDict()
        self._containers: dict[int, Container] = {}

    def rows(self, found: Iterable[tuple[Any, ...]]) -> Iterator[Row]:
        """The rows of a query's result, one by one."""
        return map(self.row, found)

    def row(self, columns: tuple[Any, ...]) -> Row:
        """The row with these columns."""
        _row, number, trace_id, span_id, parent_id, name, kind, start, end, xact, block, slot = columns
        container = self._container(number)
        return Row(
            parent=container.parent,
            id=span_id.hex(),
            span_id=span_id.hex(),
            root_span_id=trace_id.hex(),
            parent_span_id=None if parent_id is None else parent_id.hex(),
            name=name,
            type=kind,
            start_ns=start,
            end_ns=end,
            fields=fields_of(self.payload(block, slot)),
            project_id=container.project_id,
            xact_id=str(xact),
        )

    def payload(self, block: int, slot: int) -> str:
        """The text of a row's fields."""
        payloads = self._blocks.get(block)
        if payloads is None:
            data = self._connection.execute(sql("block"), (block,)).fetchone()[0]
            payloads = self._blocks[block] = unpack(data)
            if len(self._blocks) > _CACHED_BLOCKS:
                self._blocks.popitem(last=False)
        return payloads[slot]

    def _container(self, number: int) -> Container:
        if number not in self._containers:
            self._containers[number] = read_container(self._connection, number)
        return self._containers[number]
