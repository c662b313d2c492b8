"""Reading: traces by reference, logs, containers, in order."""

import tracemalloc

import pytest

from finished_spans import PROJECT, finished
from spanscore.errors import NotFoundError
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent

pytestmark = pytest.mark.core

TRACE = 0xABCDEF << 104
OTHER = 0xABC111 << 104
SPAN = 0x1234 << 48


@pytest.fixture
def traces(store: SqliteStore) -> SqliteStore:
    store.deliver(
        [
            finished(trace_id=TRACE, span_id=SPAN + 3, above=SPAN + 1, start_s=2, name="late"),
            finished(trace_id=TRACE, span_id=SPAN + 2, above=SPAN + 1, start_s=0, name="first"),
            finished(trace_id=TRACE, span_id=SPAN + 1, start_s=0, name="root"),
            finished(trace_id=OTHER, span_id=SPAN + 4, start_s=5, parent="experiment_id:e", name="other"),
        ]
    )
    return store


@pytest.mark.parametrize(
    ("reference", "names"),
    [
        (f"{TRACE:032x}", ["root", "first", "late"]),
        (f"{TRACE:032X}", ["root", "first", "late"]),
        ("abcd", ["root", "first", "late"]),
        ("abcde", ["root", "first", "late"]),
        (f"{SPAN + 3:016x}", ["root", "first", "late"]),
        (f"0x{SPAN + 4:016x}", ["other"]),
        ("latest", ["other"]),
    ],
)
def test_trace(traces: SqliteStore, reference: str, names: list[str]) -> None:
    assert [row.name for row in traces.trace(reference)] == names


@pytest.mark.parametrize("reference", ["", "nonsense", "ff", "0" * 33, "'; --", f"{TRACE + 1:032x}"])
def test_a_trace_that_is_not_there(traces: SqliteStore, reference: str) -> None:
    with pytest.raises(NotFoundError, match=r'no trace or span .*; "latest" is the newest one'):
        traces.trace(reference)


def test_a_prefix_of_two_traces(traces: SqliteStore) -> None:
    with pytest.raises(NotFoundError) as found:
        traces.trace("abc")
    assert str(found.value) == f"'abc' fits several traces; give more of one of {OTHER:032x}, {TRACE:032x}"


def test_a_trace_over_two_containers_is_whole(store: SqliteStore) -> None:
    store.deliver([finished(span_id=1), finished(span_id=2, above=1, parent="project_name:other")])
    assert [row.parent for row in store.trace("latest")] == [PROJECT, "project_name:other"]


def test_latest_of_an_empty_store(store: SqliteStore) -> None:
    with pytest.raises(NotFoundError, match="no trace or span 'latest'"):
        store.trace("latest")


def test_logs_are_roots_of_projects_newest_first(traces: SqliteStore) -> None:
    traces.deliver(
        [
            finished(trace_id=5, span_id=5, start_s=9, name="newest", parent="project_name:p"),
            finished(trace_id=6, span_id=6, start_s=-1, name="oldest"),
        ]
    )
    assert [row.name for row in traces.logs()] == ["newest", "root", "oldest"]
    assert [row.name for row in traces.logs(project="support bot")] == ["root", "oldest"]
    assert [row.name for row in traces.logs(limit=1)] == ["newest"]
    assert traces.logs(project="unknown") == []


def test_rows_of_a_container_oldest_first(traces: SqliteStore) -> None:
    assert [row.name for row in traces.rows(Parent.parse(PROJECT))] == ["first", "root", "late"]
    assert list(traces.rows(Parent.parse("project_name:unknown"))) == []


def test_rows_are_streamed(store: SqliteStore) -> None:
    """40 MB of rows are read within a few MB."""
    for first in range(1, 401, 50):
        store.deliver([finished({"braintrust.input": "x" * 100_000}, span_id=first + n) for n in range(50)])
    tracemalloc.start()
    assert sum(1 for _row in store.rows(Parent.parse(PROJECT))) == 400
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12_000_000
