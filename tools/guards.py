"""Removes one guard after the other from a copy of the package and says whose removal no test notices.

A guard is a `with` statement over `quietly(...)`, or over a name of its module that holds one. The tests in
its folder run, and those that fail a program's things on purpose; the first failure will do. Arguments are
texts of which the place of a guard must contain one, such as `tracing/_call.py`; without any all are tried.
Exit status 1 if a removal went unnoticed.
"""

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "spanscore"
ALWAYS = ("tests/test_guards.py", "tests/test_unharmed.py", "tests/test_unharmed_openai.py")
TIMEOUT_S = 300


@dataclass(frozen=True)
class Guard:
    """One use of a guard: the module within the package, and the lines of the `with` statement's head."""

    module: Path
    what: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.module.as_posix()}:{self.first} ({self.what})"


def guards() -> list[Guard]:
    """Every use of a guard in the package."""
    return [
        guard
        for path in sorted(SOURCE.rglob("*.py"))
        for guard in guards_in(path.read_text(), path.relative_to(SOURCE))
    ]


def guards_in(text: str, module: Path) -> Iterator[Guard]:
    """The uses of guards in one module."""
    tree = ast.parse(text)
    named = dict(_named(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.With):
            for item in node.items:
                what = _text_of(item.context_expr, named)
                if what is not None:
                    yield Guard(module, what, node.lineno, node.body[0].lineno - 1)


def _named(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The names that hold a guard, with its text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            what = _text_of(node.value, {})
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if what is not None and isinstance(target, ast.Name):
                yield target.id, what


def _text_of(expression: ast.expr, named: dict[str, str]) -> str | None:
    if isinstance(expression, ast.Name):
        return named.get(expression.id)
    if not isinstance(expression, ast.Call) or not expression.args:
        return None
    function, text = expression.func, expression.args[0]
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)
    return str(text.value) if name == "quietly" and isinstance(text, ast.Constant) else None


def without(text: str, guard: Guard) -> str:
    """The text of a module with the guard's `with` made an `if True`."""
    lines = text.splitlines(keepends=True)
    head = lines[guard.first - 1]
    indent = head[: len(head) - len(head.lstrip())]
    comments = [line for line in lines[guard.first : guard.last] if line.lstrip().startswith("#")]
    return "".join([*lines[: guard.first - 1], f"{indent}if True:\n", *comments, *lines[guard.last :]])


def passes(tests: Sequence[str], guard: Guard | None = None) -> bool:
    """True if the tests pass with a copy of the package, from which `guard` is removed."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "spanscore"
        shutil.copytree(SOURCE, package, ignore=shutil.ignore_patterns("__pycache__"))
        if guard is not None:
            mutated = package / guard.module
            mutated.write_text(without(mutated.read_text(), guard))
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
        environment = {**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            ran = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=TIMEOUT_S
            )
        except subprocess.TimeoutExpired:
            return False
    return ran.returncode == 0


def tests_of(module: Path) -> tuple[str, ...]:
    """The test files that look at a module, the nearest first."""
    own = Path("tests") / module.parent / f"test_{module.stem.lstrip('_')}.py"
    found = [name for name in (own.as_posix(), own.parent.as_posix(), *ALWAYS) if (ROOT / name).exists()]
    return tuple(dict.fromkeys(found))


def main(wanted: Sequence[str]) -> int:
    """Exit status: 0 if each removal made a test fail, 2 if the tests fail without any."""
    tried = [guard for guard in guards() if not wanted or any(text in str(guard) for text in wanted)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        lists = list(dict.fromkeys(tests_of(guard.module) for guard in tried))
        broken = [
            tests for tests, is_sound in zip(lists, pool.map(passes, lists), strict=True) if not is_sound
        ]
        if broken:
            print("these tests fail without any removal:", *(" ".join(tests) for tests in broken), sep="\n")
            return 2
        noticed = [not each for each in pool.map(passes, (tests_of(guard.module) for guard in tried), tried)]
    for guard, is_known in zip(tried, noticed, strict=True):
        print(f"{'noticed' if is_known else 'UNNOTICED'}  {guard}")
    print(f"{len(tried)} guards, {noticed.count(False)} of them removed without a test that fails")
    return 0 if all(noticed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
