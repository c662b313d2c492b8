"""Full text: what is found, and that what is gone is not."""

import sqlite3
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finished_spans import PROJECT, START_NS, finished
from spanscore._json import to_json
from spanscore.store import SqliteStore
from spanscore.store._search import phrase_query
from spanscore.wire.parent import Parent
from spanscore.wire.records import RowUpdate

pytestmark = pytest.mark.core

LOGS = Parent.parse(PROJECT)


def found(store: SqliteStore, text: str, **more: Any) -> list[int]:
    return [int(row.span_id, 16) for row in store.search(text, **more)]


def test_words_of_every_field_but_the_context_are_found(store: SqliteStore) -> None:
    attributes = {
        "braintrust.input_json": '{"question":"line\\nbreak"}',
        "braintrust.output": "Größe",
        "braintrust.metadata": '{"model":"gpt-4o","deep":[{"n":12345}]}',
        "braintrust.tags": ("tagged",),
    }
    store.deliver([finished(attributes, name="renamed")])
    hits = [
        "break",
        "question",
        ["grosse", "größe"][1],
        "gpt-4o",
        "12345",
        "tagged",
        "renamed",
        "LINE break",
    ]
    assert {text: found(store, text) for text in hits} == {text: [1] for text in hits}
    assert {text: found(store, text) for text in ("nbreak", "opentelemetry", "break missing")} == {
        "nbreak": [],
        "opentelemetry": [],
        "break missing": [],
    }


def test_newest_first_within_limit_and_container(store: SqliteStore) -> None:
    other = "experiment_id:e"
    store.deliver([finished({"braintrust.input": "word"}, span_id=number) for number in range(1, 5)])
    store.deliver([finished({"braintrust.input": "word"}, span_id=9, parent=other)])
    assert found(store, "word") == [9, 4, 3, 2, 1]
    assert found(store, "word", limit=2) == [9, 4]
    assert found(store, "word", parent=Parent.parse(other)) == [9]
    assert [int(row.span_id, 16) for row in store.logs(search="word")] == [4, 3, 2, 1]
    assert [int(row.span_id, 16) for row in store.logs(search="word", project="support bot")] == [4, 3, 2, 1]
    assert store.logs(search="word", project="other") == []


@pytest.mark.parametrize("is_searched_before", [False, True])
@pytest.mark.parametrize("change", ["re-sent", "merged", "deleted", "pruned"])
def test_old_words_are_not_found(store: SqliteStore, change: str, *, is_searched_before: bool) -> None:
    store.deliver(
        [finished({"braintrust.input": "oldword"}), finished({"braintrust.input": "other"}, span_id=2)]
    )
    if is_searched_before:
        assert found(store, "oldword") == [1]
    if change == "re-sent":
        store.deliver([finished({"braintrust.input": "newword"})])
    elif change == "merged":
        fields = {"input": to_json("newword")}
        store.deliver([RowUpdate(parent=PROJECT, trace_id=1, span_id=1, fields=fields)])
    elif change == "deleted":
        store.delete_rows(LOGS, [f"{1:016x}"])
    else:
        store.prune(START_NS + 10**18)
    is_replaced = change in ("re-sent", "merged")
    assert found(store, "oldword") == []
    assert found(store, "newword") == ([1] if is_replaced else [])
    assert found(store, "other") == ([] if change == "pruned" else [2])


def test_old_words_leave_the_index_itself(store: SqliteStore) -> None:
    """And not only the answers."""
    store.deliver([finished({"braintrust.input": "oldword"})])
    assert found(store, "oldword") == [1]
    store.deliver([finished({"braintrust.input": "newword"})])
    assert found(store, "newword") == [1]
    connection = store._connection
    assert connection is not None
    connection.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'search', 'row')")
    terms = {term for (term,) in connection.execute("SELECT term FROM temp.terms")}
    assert ("newword" in terms, "oldword" in terms) == (True, False)


def test_many_rows_take_several_transactions(store: SqliteStore) -> None:
    spans = [finished({"braintrust.input": f"w{number}"}, span_id=number) for number in range(1, 4501)]
    store.deliver(spans)
    assert [found(store, text) for text in ("w1", "w2500", "w4500", "w4501")] == [[1], [2500], [4500], []]


HOSTILE = ['"', "a OR b", "NEAR(a b)", "text:a", "a*", "-a", "(", "'; DROP TABLE rows", "\x00", "!!!", "  "]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_query_has_no_syntax(store: SqliteStore, text: str) -> None:
    store.deliver([finished({"braintrust.input": "b"})])
    assert found(store, text) == []


def test_words_with_syntax_are_found_as_they_are(store: SqliteStore) -> None:
    store.deliver([finished({"braintrust.input": 'say "yes OR no" (maybe)'})])
    assert found(store, '"yes OR (maybe)') == [1]


@given(text=st.text())
def test_every_query_is_valid(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE search USING fts5 (text)")
    query = phrase_query(text)
    if query:
        found = connection.execute("SELECT count(*) FROM search WHERE search MATCH ?", (query,)).fetchall()
        assert found == [(0,)]
    connection.close()
