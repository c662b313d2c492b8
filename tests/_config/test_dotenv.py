"""The syntax of dotenv files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore._config._dotenv import parse_dotenv

pytestmark = pytest.mark.core

TEXTS: dict[str, tuple[str, dict[str, str] | None]] = {
    "nothing": ("", {}),
    "plain": ("A=1", {"A": "1"}),
    "blanks around the sign": ("A = 1 \n", {"A": "1"}),
    "indented": ("  A=1", {"A": "1"}),
    "exported": ("export A=1\nexport\tB=2", {"A": "1", "B": "2"}),
    "double quotes": ('A="1"', {"A": "1"}),
    "single quotes": ("A='1'", {"A": "1"}),
    "quoted blanks stay": ("A=' 1 '\nB=\"\t2 \"", {"A": " 1 ", "B": "\t2 "}),
    "other quotes inside": ("""A='say "x"'\nB="it's" """, {"A": 'say "x"', "B": "it's"}),
    "quotes inside a plain value": ("A=x'y'", {"A": "x'y'"}),
    "escapes in double quotes": (r'A="\"1\" \\ \n"', {"A": '"1" \\ \n'}),
    "escapes in single quotes": (r"A='it\'s \n'", {"A": r"it's \n"}),
    "quotes over lines": ('A="1\n2"\nB=3', {"A": "1\n2", "B": "3"}),
    "comments": (
        "# one\nA=1 # two\nB='2' # three\nC=\"3\"# four\n  # five",
        {"A": "1", "B": "2", "C": "3"},
    ),
    "only a comment": ("A= # nothing", {"A": ""}),
    "no comment without a blank": ("A=1#2\nB=#3", {"A": "1#2", "B": "#3"}),
    "a hash in quotes": ("A='1 # 2'", {"A": "1 # 2"}),
    "an equals sign in the value": ("A=b=c==", {"A": "b=c=="}),
    "blank lines": ("\n \n\t\nA=1\n\n\nB=2\n\n", {"A": "1", "B": "2"}),
    "line ends of other systems": ("A=1\r\nB='2'\r\n\r\nC=3\rD=4", {"A": "1", "B": "2", "C": "3", "D": "4"}),
    "byte order mark": ("\ufeffA=1", {"A": "1"}),
    "empty values": ("A=\nB=''\nC=\"\"", {"A": "", "B": "", "C": ""}),
    "the last of a name": ("A=1\nexport A='2'", {"A": "2"}),
    "only a name": ("export A\nB=1", {"B": "1"}),
    "nothing is evaluated": (
        'A=$(touch x)`y`\nB="$HOME ${A}"\nC=${A}',
        {"A": "$(touch x)`y`", "B": "$HOME ${A}", "C": "${A}"},
    ),
    "any letters": ("A=schlüssel # größe\nB='😀'", {"A": "schlüssel", "B": "😀"}),
    "open double quote": ('A=1\nB="2', None),
    "open single quote": ("A='1", None),
    "text after a quote": ("A='1' 2", None),
    "no name": ("=1", None),
    "a command": ("source other\nA=1", None),
    "another format": ('{"A": 1}', None),
}


@pytest.mark.parametrize("name", TEXTS)
def test_values(name: str) -> None:
    text, expected = TEXTS[name]
    assert parse_dotenv(text) == expected


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    assert isinstance(parse_dotenv(text), dict | None)


@given(st.dictionaries(st.from_regex(r"[A-Z_][A-Z0-9_]*", fullmatch=True), st.text()))
def test_quoted_values_come_back(values: dict[str, str]) -> None:
    lines = [f'export {name}="{_escaped(value)}" # said' for name, value in values.items()]
    assert parse_dotenv("\n".join(lines)) == values


def _escaped(value: str) -> str:
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        value = value.replace(plain, escaped)
    return value


@pytest.mark.parametrize("text", [" ", "A=", "A=x ", "A='", "\n", "#", "A \n", "A=' #"], ids=repr)
def test_long_texts_take_no_longer_than_their_length(text: str) -> None:
    """A pattern that tried again from every blank would take hours here."""
    for long in (text * 100_000, text + " " * 1_000_000 + "x"):
        assert all(isinstance(value, str) for value in (parse_dotenv(long) or {}).values())
