"""Tables and JSON on stdout."""

import json
from io import StringIO

import pytest
from rich.console import Console

from spanscore.cli._output import json_line, print_json_list, table

pytestmark = pytest.mark.core

COLUMNS = ("name", "cases", "note", "nothing")
ROWS = [("a long name with many words in it", "7", "ok", ""), ("short", "12345", "", "")]


def shown(width: int) -> list[str]:
    screen = Console(file=StringIO(), width=width)
    screen.print(table(COLUMNS, ROWS, numbers=["cases"], flexible=["name"]))
    assert isinstance(screen.file, StringIO)
    return [line.rstrip() for line in screen.file.getvalue().splitlines()]


def test_a_table_leaves_out_empty_columns_and_aligns_numbers() -> None:
    assert shown(80) == [
        "NAME                               CASES  NOTE",
        "a long name with many words in it      7  ok",
        "short                              12345",
    ]


def test_a_table_cuts_the_flexible_column_and_never_a_number() -> None:
    assert shown(24) == ["NAME         CASES  NOTE", "a long nam…      7  ok", "short        12345"]


def test_what_looks_like_markup_is_text() -> None:
    screen = Console(file=StringIO(), width=40)
    screen.print(table(["input"], [["[red]not red[/red]"]]))
    assert isinstance(screen.file, StringIO)
    assert screen.file.getvalue().split("\n")[1].rstrip() == "[red]not red[/red]"


@pytest.mark.parametrize(
    ("values", "text"),
    [([], "[]\n"), ([1], "[\n1\n]\n"), ([{"a": "é"}, None], '[\n{"a":"é"},\nnull\n]\n')],
)
def test_a_json_list_has_a_value_a_line(
    values: list[object], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print_json_list(iter(values))

    printed = capsys.readouterr().out
    assert printed == text
    assert json.loads(printed) == values


def test_json_is_whole_whatever_its_size() -> None:
    value = {"text": "x" * (3 << 20), "items": list(range(200_000))}

    assert json.loads(json_line(value)) == value
