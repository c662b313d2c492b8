"""A trace on the screen."""

from io import StringIO
from typing import Any

import pytest
from inline_snapshot import snapshot
from rich.console import Console

from spanscore._json import to_json
from spanscore.cli._trace_view import print_trace
from spanscore.wire.rows import Row

pytestmark = [pytest.mark.core, pytest.mark.usefixtures("kathmandu")]

NOON_NS = 1_767_268_800_000_000_000
MS = 1_000_000


def row(
    number: int, parent: int | None, name: str, span_type: str, times_ms: tuple[float, float], **fields: Any
) -> Row:
    start_ms, end_ms = times_ms
    return Row(
        parent="experiment_id:e",
        id=f"{number:016x}",
        span_id=f"{number:016x}",
        root_span_id=f"{1:032x}",
        parent_span_id=None if parent is None else f"{parent:016x}",
        name=name,
        type=span_type,
        start_ns=NOON_NS + int(start_ms * MS),
        end_ns=NOON_NS + int(end_ms * MS),
        fields={key: to_json(value) for key, value in fields.items()},
    )


TRACE = [
    row(1, None, "eval", "eval", (0, 1250), input={"city": "Lyon"}, expected=1, output=0, tags=["europe"]),
    row(2, 1, "task", "task", (1, 1240), input={"city": "Lyon"}, output=0),
    row(3, 2, "Chat Completion", "llm", (2, 1200), metrics={"tokens": 12345}, metadata={"model": "m\x1b[2J"}),
    row(4, 1, "exact", "score", (1241, 1241.2), scores={"exact": 0.5, "style": None}),
    row(
        5,
        1,
        "judge of everything that is said in it",
        "score",
        (1242, 1243),
        error="ValueError: no\n\n  at x",
    ),
]


def shown(width: int, *, verbose: bool = False) -> str:
    screen = Console(file=StringIO(), width=width, highlight=False, markup=False, emoji=False)
    print_trace(screen, TRACE, container="cities/first", verbose=verbose)
    assert isinstance(screen.file, StringIO)
    return "\n".join(line.rstrip() for line in screen.file.getvalue().splitlines())


def test_a_trace_is_a_tree_with_the_values_of_its_root_and_all_errors() -> None:
    assert shown(100) == snapshot("""\
cities/first · 2026-01-01 17:45:00
trace 00000000000000000000000000000001

SPAN                                         TYPE   DURATION  TOKENS  SCORES
eval                                         eval     1.25 s
├─ task                                      task     1.24 s
│  └─ Chat Completion                        llm      1.20 s  12,345
├─ exact                                     score    200 µs          exact 50.00 %  style skipped
└─ ✗ judge of everything that is said in it  score   1.00 ms

input     {"city":"Lyon"}
expected  1
output    0
tags      ["europe"]

✗ judge of everything that is said in it  ValueError: no\
""")


def test_in_a_narrow_terminal_long_names_give_way() -> None:
    assert shown(60) == snapshot("""\
cities/first · 2026-01-01 17:45:00
trace 00000000000000000000000000000001

SPAN              TYPE   DURATION  TOKENS  SCORES
eval              eval     1.25 s
├─ task           task     1.24 s
│  └─ Chat Comp…  llm      1.20 s  12,345
├─ exact          score    200 µs          exact 50.00 %  s…
└─ ✗ judge of e…  score   1.00 ms

input     {"city":"Lyon"}
expected  1
output    0
tags      ["europe"]

✗ judge of everything that is said in it  ValueError: no\
""")


def test_verbose_shows_every_span() -> None:
    assert shown(80, verbose=True) == snapshot("""\
cities/first · 2026-01-01 17:45:00
trace 00000000000000000000000000000001

SPAN                        TYPE   DURATION  TOKENS  SCORES
eval                        eval     1.25 s
├─ task                     task     1.24 s
│  └─ Chat Completion       llm      1.20 s  12,345
├─ exact                    score    200 µs          exact 50.00 %  style skipp…
└─ ✗ judge of everything …  score   1.00 ms

eval  0000000000000001
input     {"city":"Lyon"}
expected  1
output    0
tags      ["europe"]

task  0000000000000002
input     {"city":"Lyon"}
output    0

Chat Completion  0000000000000003
metadata  {"model":"m\\u001b[2J"}

judge of everything that is said in it  0000000000000005
ValueError: no

  at x\
""")
