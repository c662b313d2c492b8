"""The text of a dotenv file to its names and values; evaluates nothing."""

import re

_LINE = re.compile(
    r"""
    [^\S\n]* (?:export[^\S\n]+)? (?P<name>[A-Za-z_][\w.]*) [^\S\n]*
    (?: = (?:
        [^\S\n]* '(?P<single>(?:\\.|[^'\\])*)' [^\S\n]* (?:\#[^\n]*)?
      | [^\S\n]* "(?P<double>(?:\\.|[^"\\])*)" [^\S\n]* (?:\#[^\n]*)?
      | (?P<plain>(?![^\S\n]*['"])[^\n]*)
    ) )?
    (?:\n|\Z)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_EMPTY_LINES = re.compile(r"(?:[^\S\n]*(?:\#[^\n]*)?\n)*(?:[^\S\n]*(?:\#[^\n]*)?\Z)?")
_COMMENT = re.compile(r"(?<!\s)\s+#.*")
_SINGLE_ESCAPE = re.compile(r"\\([\\'])")
_DOUBLE_ESCAPE = re.compile(r"\\([\\\"'$`nrt])")
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}


def parse_dotenv(text: str) -> dict[str, str] | None:
    r"""Names and values of a dotenv file, the last of a name winning; None if any line is none of its syntax.

    Knows `export`, single and double quotes (which may span lines), and comments. Runs no commands and
    replaces no `$NAME`. What stands in quotes keeps its blanks.

    >>> parse_dotenv("export A='1 ' # one\nB=x$(y) # two")
    {'A': '1 ', 'B': 'x$(y)'}
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    values: dict[str, str] = {}
    position = _after_empty_lines(text, 0)
    while position < len(text):
        line = _LINE.match(text, position)
        if line is None:
            return None
        value = _value(line)
        if value is not None:
            values[line["name"]] = value
        position = _after_empty_lines(text, line.end())
    return values


def _after_empty_lines(text: str, position: int) -> int:
    found = _EMPTY_LINES.match(text, position)
    return found.end() if found else position


def _value(line: re.Match[str]) -> str | None:
    """The value of a line; None where there is only a name."""
    single, double, plain = line["single"], line["double"], line["plain"]
    if single is not None:
        return _SINGLE_ESCAPE.sub(r"\1", single)
    if double is not None:
        return _DOUBLE_ESCAPE.sub(lambda escape: _CONTROL.get(escape[1], escape[1]), double)
    return None if plain is None else _COMMENT.sub("", plain).strip()
