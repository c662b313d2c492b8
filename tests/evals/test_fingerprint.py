"""Fingerprints of tasks and scorers: the same in every process, other ones for other code."""

import functools
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from spanscore.evals._fingerprint import fingerprint
from spanscore.scoring import scorer

pytestmark = pytest.mark.core

PROGRAM = '''
import functools
PROMPT = "Answer: {}"
EXAMPLES = {"a": {1, "x", "y", "z"}, "b": [1.5, None]}
seen = []
KINDS = frozenset({"one", "two", "three"})

def shorten(text):
    return text.strip()[:100]

def task(input):
    """What is asked."""
    # A comment.
    seen.append(input)
    return shorten(PROMPT.format(input)) if input in {"q", "r", "s"} | KINDS else EXAMPLES

class Judge:
    limit = 3
    def __init__(self, model):
        self.model = model
    def __call__(self, output):
        return len(output) < self.limit

@functools.cache
def cached(output):
    return PROMPT == output
'''
ENDING = """
from spanscore.evals._fingerprint import fingerprint
seen.append("by now")
for each in (task, Judge("a"), cached, functools.partial(task, "q"), Judge("a").__call__):
    print(fingerprint(each))
"""
NAMES = ["task", "object", "cached", "partial", "method"]


def fingerprints(folder: Path, program: str = PROGRAM + ENDING, hash_seed: int = 1) -> dict[str, str]:
    file = folder / f"program_{len(list(folder.iterdir()))}.py"
    file.write_text(program)
    command = [sys.executable, str(file)]
    environment = {"PYTHONHASHSEED": str(hash_seed)}
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return dict(zip(NAMES, run.stdout.split(), strict=True))


def test_they_are_the_same_in_every_process(tmp_path: Path) -> None:
    first = fingerprints(tmp_path)
    assert len(set(first.values())) == len(NAMES)
    assert fingerprints(tmp_path, hash_seed=2) == first


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("# A comment.", "# Another comment.\n", set[str]()),
        ("seen = []", "seen = [1]", set[str]()),
        ("[:100]", "[:99]", {"task", "partial"}),
        ("Answer: {}", "Please answer: {}", {"task", "partial", "cached"}),
        ("1.5, None", "1.5, True", {"task", "partial"}),
        ('"three"', '"four"', {"task", "partial"}),
        ("limit = 3", "limit = 4", {"object", "method"}),
        ('Judge("a")', 'Judge("b")', {"object", "method"}),
        ("def task(input)", "def task(input, hooks=None)", {"task", "partial"}),
        ('partial(task, "q")', 'partial(task, "r")', {"partial"}),
    ],
)
def test_what_changes_them(tmp_path: Path, old: str, new: str, changed: set[str]) -> None:
    program = PROGRAM + ENDING
    first, second = fingerprints(tmp_path), fingerprints(tmp_path, program.replace(old, new))
    assert {name for name in NAMES if first[name] != second[name]} == changed


HELPERS = """
import json
from dataclasses import dataclass, field

LIMIT = 3
filled = []

@dataclass(frozen=True)
class Settings:
    model: str = "small"
    seen: list = field(default_factory=list)

SETTINGS = Settings()

def unused():
    return 1

def answer(text):
    filled.append(text)
    return text[:LIMIT] + SETTINGS.model
"""
REACHING = """
import package.helpers
from package import helpers
from spanscore.evals._fingerprint import fingerprint

def by_path(input):
    return package.helpers.answer(input)

def by_name(input):
    helpers.json.dumps(1)
    return [helpers.answer(each) for each in input]

def by_value(input):
    return helpers.LIMIT + input

def by_list(input):
    return len(helpers.filled)

def not_at_all(input):
    return input

helpers.SETTINGS.seen.append(1)
for each in (by_path, by_name, by_value, by_list, not_at_all):
    print(fingerprint(each))
"""


def reaching(folder: Path, helpers: str) -> dict[str, str]:
    package = folder / "package"
    package.mkdir(exist_ok=True)
    (package / "__init__.py").touch()
    (package / "helpers.py").write_text(helpers)
    (folder / "program.py").write_text(REACHING)
    command = [sys.executable, "-B", str(folder / "program.py")]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return dict(zip(["path", "name", "value", "list", "not"], told, strict=True))


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("filled = []", "filled = [1]", set[str]()),
        ("return 1", "return 2", set[str]()),
        ("LIMIT = 3", "LIMIT = 4", {"path", "name", "value"}),
        ("return text", "return 'so ' + text", {"path", "name"}),
        ('"small"', '"large"', {"path", "name"}),
        ("default_factory=list", "default_factory=lambda: [1]", set[str]()),
    ],
)
def test_what_is_reached_through_modules_counts(
    tmp_path: Path, old: str, new: str, changed: set[str]
) -> None:
    first, second = reaching(tmp_path, HELPERS), reaching(tmp_path, HELPERS.replace(old, new))
    assert {name for name in first if first[name] != second[name]} == changed


class Point(NamedTuple):
    x: int
    y: int


def test_named_tuples_count_by_their_fields() -> None:
    def near(place: Point) -> Callable[[int], bool]:
        return lambda output: output > place.x

    assert fingerprint(near(Point(1, 2))) == fingerprint(near(Point(1, 2)))
    assert fingerprint(near(Point(1, 2))) != fingerprint(near(Point(1, 3)))


def made(limit: int, log: list[int]) -> Callable[[str], bool]:
    def check(output: str) -> bool:
        log.append(1)
        return len(output) < limit

    return check


def test_what_a_surrounding_function_binds() -> None:
    assert fingerprint(made(1, [])) == fingerprint(made(1, [1, 2])) != fingerprint(made(2, []))


@dataclass(slots=True)
class Limited:
    limit: int
    check: Callable[[Any], Any]

    def eval(self, output: Any) -> Any:
        return self.check(output) < self.limit


def test_the_state_of_an_object_counts() -> None:
    assert fingerprint(Limited(1, abs)) == fingerprint(Limited(1, abs)) != fingerprint(Limited(2, abs))
    assert fingerprint(Limited(1, made(1, []))) != fingerprint(Limited(1, made(2, [])))


def test_a_scorer_with_a_name_of_its_own_counts_by_its_function() -> None:
    assert fingerprint(scorer("x", made(1, []))) != fingerprint(scorer("x", made(2, [])))


def counted(function: Callable[[str], bool]) -> Callable[[str], bool]:
    @functools.wraps(function)
    def wrapper(output: str) -> bool:
        return function(output)

    return wrapper


def test_a_decorated_function_counts_by_what_is_decorated() -> None:
    assert fingerprint(counted(made(1, []))) != fingerprint(counted(made(2, [])))


class Text(str):
    """A text of a class of its own."""


def test_texts_of_classes_of_their_own_count() -> None:
    bound = [functools.partial(one, Text(each)) for each in "aab"]  # type: ignore[arg-type]
    assert fingerprint(bound[0]) == fingerprint(bound[1]) != fingerprint(bound[2])


class Hostile:
    """Counts how often it is asked for anything."""

    numbers: Iterator[int] = count()

    def __getattr__(self, name: str) -> Any:
        next(Hostile.numbers)
        raise RuntimeError(name)

    def __call__(self, output: str) -> bool:
        return bool(output)


HOSTILE = Hostile()


def asks(output: str) -> bool:
    return HOSTILE(output)


def test_what_is_referred_to_is_not_asked_for_anything() -> None:
    before = next(Hostile.numbers)
    fingerprint(asks)
    assert next(Hostile.numbers) == before + 1


def one(number: int) -> int:
    return 0 if number == 0 else other(number - 1)


def other(number: int) -> int:
    return one(number)


def test_functions_that_call_each_other_come_to_an_end() -> None:
    nested: list[Any] = []
    nested.append(nested)
    assert len({fingerprint(one), fingerprint(other), fingerprint(functools.partial(print, nested))}) == 3


@pytest.mark.parametrize(
    "function", [len, str.upper, dict, int, "text", None, Hostile()], ids=lambda each: type(each).__name__
)
def test_anything_has_one(function: Any) -> None:
    assert fingerprint(function) == fingerprint(function)
    assert len(fingerprint(function)) == 16
