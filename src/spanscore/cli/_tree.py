"""The rows of a trace in the order of its tree."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spanscore.wire.rows import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A row in its place: `branch` is drawn before its name, `below` before the lines under it."""

    row: Row
    branch: str
    below: str


def tree(rows: Sequence[Row]) -> Iterator[Node]:
    """Each row once, a parent span before its children, siblings by their start.

    A row whose parent span is not among the rows stands at the top, and so does the first of rows that are
    parents of each other in a circle.
    """
    children: dict[str | None, list[Row]] = defaultdict(list)
    known = {row.span_id for row in rows}
    ordered = sorted(rows, key=lambda row: (row.start_ns, row.end_ns, row.span_id))
    for row in ordered:
        children[row.parent_span_id if row.parent_span_id in known else None].append(row)
    seen: set[tuple[str, str]] = set()
    for top in [*children.pop(None, []), *ordered]:
        yield from _under(top, children, seen)


def _under(top: Row, children: dict[str | None, list[Row]], seen: set[tuple[str, str]]) -> Iterator[Node]:
    # A stack of our own: a trace may be deeper than Python's.
    stack = [Node(row=top, branch="", below="")]
    while stack:
        node = stack.pop()
        key = (node.row.parent, node.row.id)
        if key in seen:
            continue
        seen.add(key)
        below = children[node.row.span_id]
        yield Node(row=node.row, branch=node.branch, below=node.below + ("│  " if below else "   "))
        for row in reversed(below):
            is_last = row is below[-1]
            branch, rest = ("└─ ", "   ") if is_last else ("├─ ", "│  ")
            stack.append(Node(row=row, branch=node.below + branch, below=node.below + rest))
