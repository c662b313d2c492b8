"""The order and the branches of a trace."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.cli._tree import tree
from spanscore.wire.rows import Row

pytestmark = pytest.mark.core


def row(
    span_id: str, parent_span_id: str | None = None, *, start_ns: int = 0, parent: str = "project_id:p"
) -> Row:
    return Row(
        parent=parent,
        id=span_id,
        span_id=span_id,
        root_span_id="t",
        parent_span_id=parent_span_id,
        name=span_id,
        type="task",
        start_ns=start_ns,
        end_ns=start_ns + 1,
        fields={},
    )


def drawn(rows: Sequence[Row]) -> list[str]:
    return [node.branch + node.row.name for node in tree(rows)]


def test_children_stand_under_their_parent_by_start() -> None:
    rows = [
        row("last", "root", start_ns=9),
        row("first", "root", start_ns=1),
        row("under first", "first", start_ns=2),
        row("under last", "last", start_ns=10),
        row("root"),
    ]

    assert drawn(rows) == ["root", "├─ first", "│  └─ under first", "└─ last", "   └─ under last"]


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        pytest.param([row("a", "gone"), row("b", "a")], ["a", "└─ b"], id="the parent span was not recorded"),
        pytest.param([row("a"), row("b")], ["a", "b"], id="two roots"),
        pytest.param([row("a", "a")], ["a"], id="its own parent"),
        pytest.param([row("a"), row("a", parent="project_id:q")], ["a", "a"], id="in two containers"),
        pytest.param([], [], id="none"),
    ],
)
def test_odd_traces(rows: Sequence[Row], lines: list[str]) -> None:
    assert drawn(rows) == lines


@given(st.lists(st.none() | st.integers(0, 9), max_size=9))
def test_every_row_comes_once_whatever_the_parents(parents: list[int | None]) -> None:
    rows = [row(str(index), None if parent is None else str(parent)) for index, parent in enumerate(parents)]

    assert sorted(node.row.span_id for node in tree(rows)) == sorted(each.span_id for each in rows)


def test_a_trace_may_be_deeper_than_the_stack() -> None:
    rows = [row(str(depth), str(depth - 1) if depth else None) for depth in range(5000)]

    assert len(drawn(rows)) == 5000
