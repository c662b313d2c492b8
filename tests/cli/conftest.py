"""A store that real runs of the command and of a program have filled."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

FIRST = """
from spanscore import Eval

CASES = [
    {"input": "Ada", "expected": "Hi Ada", "tags": ["short"]},
    {"input": "Grace", "expected": "Hi Grace"},
    {"input": "Joan", "expected": "Hi Joan"},
    {"input": "Barbara", "expected": "Dear Barbara"},
    {"input": "Edith", "expected": "Dear Edith"},
]


def exact(output: str, expected: str) -> bool:
    return output == expected


def brief(output: str) -> float:
    return 1 / len(output.split())


Eval("greetings", CASES, lambda name: f"Hi {name}", [exact, brief], experiment_name="first")
"""

SECOND = FIRST.replace('f"Hi {name}"', 'f"Hi {name}" if name == "Ada" else f"Dear {name}"').replace(
    '"first"', '"second"'
)

PROGRAM = """
from spanscore import current_span, init_logger, traced

init_logger("shop")


@traced(type="tool")
def price(item: str) -> float:
    current_span().log(metadata={"currency": "EUR"}, metrics={"tokens": 12})
    return {"tea": 2.5}[item]


@traced
def order(item: str) -> str:
    return f"{item}: {price(item)}"


order("tea")
try:
    order("gold")
except KeyError:
    pass
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


def run_python(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What a fresh interpreter does with `arguments`, its data in `home`."""
    command = [sys.executable, *arguments]
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SPANSCORE_HOME", str(home))
        environment.setenv("TZ", "UTC")
        return subprocess.run(command, cwd=home, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def kathmandu() -> Iterator[None]:
    """The local time zone is 5:45 ahead of UTC, whatever this machine's."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TZ", "<+0545>-5:45")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two experiments of the project "greetings" and two traces of the project "shop"."""
    home = tmp_path_factory.mktemp("home")
    sources = tmp_path_factory.mktemp("sources")
    for name, text in {"eval_1": FIRST, "eval_2": SECOND, "program": PROGRAM}.items():
        (sources / f"{name}.py").write_text(text)
    for arguments in (["-m", "spanscore", "eval", str(sources)], [str(sources / "program.py")]):
        done = run_python(home, *arguments)
        assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr
    return home


@pytest.fixture
def home(filled: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The filled home, as the one in force."""
    monkeypatch.setenv("SPANSCORE_HOME", str(filled))
    return filled


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `spanscore` in an interpreter of its own, its data in a folder of the test's."""
    return lambda *arguments: run_python(tmp_path, "-m", "spanscore", *arguments)
