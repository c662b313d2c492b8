"""Headers of any kind, read in any case and written in lower case."""

from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
from opentelemetry.propagators.textmap import DefaultSetter, Getter

from spanscore.tracing._carrier import erase_header, headers_of, read_header, write_header

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("carrier", "found"),
    [
        ({"baggage": "a"}, ["a"]),
        ({"Baggage": "a"}, ["a"]),
        ({"BAGGAGE": ["a", "b"]}, ["a", "b"]),
        ({"Baggage": "a", "BAGGAGE": "b"}, ["a", "b"]),
        ({"Baggage": "a", "baggage": "b"}, ["b"]),
        ({"baggage": [b"a"]}, ["a"]),
        ({"baggage": 7, 7: "x", "other": "y"}, []),
        ({}, []),
    ],
)
def test_reads_in_any_case(carrier: Any, found: list[str]) -> None:
    assert read_header(carrier, "baggage") == found


def test_reads_through_the_getter_of_a_carrier_of_another_kind() -> None:
    class Pairs(Getter[list[tuple[str, str]]]):
        def get(self, carrier: list[tuple[str, str]], key: str) -> list[str] | None:
            return [value for name, value in carrier if name == key] or None

        def keys(self, carrier: list[tuple[str, str]]) -> list[str]:
            return [name for name, _ in carrier]

    assert read_header([("Baggage", "a"), ("x", "y")], "baggage", Pairs()) == ["a"]


class Folding(MutableMapping[str, str]):
    """Headers like those of requests: any case finds them, and they keep their own."""

    def __init__(self, **headers: str) -> None:
        self.held = {name.lower(): (name, value) for name, value in headers.items()}

    def __getitem__(self, name: str) -> str:
        return self.held[name.lower()][1]

    def __setitem__(self, name: str, value: str) -> None:
        self.held[name.lower()] = (name, value)

    def __delitem__(self, name: str) -> None:
        del self.held[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter([name for name, _ in self.held.values()])

    def __len__(self) -> int:
        return len(self.held)


@pytest.mark.parametrize(
    "carrier",
    [
        {"Baggage": "old", "BAGGAGE": "older", "x": "kept"},
        {"baggage": "old", "x": "kept"},
        Folding(Baggage="old", x="kept"),
    ],
    ids=["variants", "same", "folding"],
)
def test_one_key_in_lower_case_is_left(carrier: Any) -> None:
    write_header(carrier, "baggage", "new", DefaultSetter())
    assert dict(carrier) == {"x": "kept", "baggage": "new"}
    erase_header(carrier, "baggage")
    assert dict(carrier) == {"x": "kept"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Baggage": "a", "X": "b"},
        {"BAGGAGE": ["a"], "x": ("b",)},
        {b"baggage": b"a", b"x": b"b"},
        [("Baggage", "a"), ("x", "b")],
        [(b"baggage", b"a"), (b"x", b"b")],
        {"baggage": "a", "x": "b", "n": 7, 7: "n"},
    ],
)
def test_headers_of_any_kind_are_taken(headers: Any) -> None:
    found = headers_of(headers)
    assert (found["baggage"], found["x"]) == (["a"], ["b"])


def test_headers_that_come_twice_are_kept() -> None:
    assert headers_of([("Baggage", "a"), ("baggage", "b")]) == {"baggage": ["a", "b"]}
