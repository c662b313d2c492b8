"""Fingerprints of tasks and scorers: the same in every process, other ones for other code."""

import functools
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

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
