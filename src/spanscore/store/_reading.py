"""Rows out of the file: of a trace, of a container, the newest ones."""

import re
import sqlite3
from collections.abc import Iterator
from typing import Any, Final

from spanscore.errors import NotFoundError
from spanscore.store._containers import find_container
from spanscore.store._rows import RowReader
from spanscore.store._sql import sql
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.rows import Row

_TRACE_DIGITS: Final = 32
_SPAN_DIGITS: Final = 16
_SHOWN: Final = 5


def read_trace(connection: sqlite3.Connection, reference: str) -> list[Row]:
    """Rows of one trace, oldest first. Raises NotFoundError if no trace or several are meant."""
    found = _traces(connection, reference)
    if not found:
        raise NotFoundError(f'no trace or span {reference!r} in the store; "latest" is the newest one')
    if len(found) > 1:
        ids = ", ".join(trace_id.hex() for trace_id in found[:_SHOWN])
        raise NotFoundError(f"{reference!r} fits several traces; give more of one of {ids}")
    rows = connection.execute(sql("rows_of_trace"), (found[0],))
    return list(RowReader(connection).rows(rows))


def _traces(connection: sqlite3.Connection, reference: str) -> list[bytes]:
    if reference == "latest":
        return [trace_id for (trace_id,) in connection.execute(sql("latest_trace"))]
    digits = reference.lower().removeprefix("0x")
    if not re.fullmatch(r"[0-9a-f]{1,32}", digits):
        return []
    traces = connection.execute(sql("traces_by_prefix"), (*_bounds(digits, _TRACE_DIGITS), _SHOWN)).fetchall()
    if not traces and len(digits) <= _SPAN_DIGITS:
        bounds = _bounds(digits, _SPAN_DIGITS)
        traces = connection.execute(sql("traces_by_span_prefix"), (*bounds, _SHOWN)).fetchall()
    return [trace_id for (trace_id,) in traces]


def _bounds(prefix: str, digits: int) -> tuple[bytes, bytes]:
    return bytes.fromhex(prefix.ljust(digits, "0")), bytes.fromhex(prefix.ljust(digits, "f"))


def read_rows(connection: sqlite3.Connection, parent: Parent) -> Iterator[Row]:
    """Every row of a container, oldest first, one by one."""
    container = find_container(connection, parent)
    rows = connection.execute(sql("rows_of_container"), (container,))
    return RowReader(connection).rows(rows)


def read_logs(connection: sqlite3.Connection, project: str | None, limit: int) -> list[Row]:
    """Root rows of the logs of one project or of all, newest first."""
    rows: list[tuple[Any, ...]] = connection.execute(
        sql("newest_roots"), {"project": project, "limit": limit}
    ).fetchall()
    return list(RowReader(connection).rows(rows))


def project_container(connection: sqlite3.Connection, project: str) -> int | None:
    """The number of the container of a project's logs, None if there are none."""
    return find_container(connection, Parent(ParentKind.PROJECT_NAME, project))
