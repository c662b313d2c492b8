"""The tables of call forms say nothing that no test backs."""

import ast
import importlib.util
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
TESTS = ROOT / "tests"


def _tool() -> Any:
    spec = importlib.util.spec_from_file_location("providers_tool", ROOT / "tools" / "providers_page.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    # Dataclasses look for the module that they are made in.
    sys.modules[spec.name] = tool
    spec.loader.exec_module(tool)
    return tool


TOOL = _tool()
ROWS = [row for rows in TOOL.SECTIONS.values() for row in rows]
PROOFS = sorted(
    {(proof.source, proof.test) for row in ROWS for proofs in row.proofs.values() for proof in proofs}
)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def texts(path: Path) -> frozenset[str]:
    """The string constants of a file."""
    return frozenset(
        node.value
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def functions(path: Path) -> set[str]:
    return {
        node.name for node in parsed(path).body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_page_is_up_to_date() -> None:
    page = TOOL.PAGE.read_text(encoding="utf-8")
    assert page == TOOL.page(page), "run: python tools/providers_page.py"


@pytest.mark.parametrize(("source", "test"), PROOFS)
def test_proof_exists(source: str, test: str) -> None:
    file, _, rest = test.partition("::")
    name, _, case = rest.rstrip("]").partition("[")
    path = TESTS / file
    assert name in functions(path)
    if case:
        near = [path, *path.parent.glob("*.py"), *TESTS.glob("*.py")]
        assert any(case in texts(one) for one in near), f"no such case: {case}"


@pytest.mark.parametrize(("source", "test"), PROOFS)
def test_source_is_what_it_says(source: str, test: str) -> None:
    path = TESTS / test.partition("::")[0]
    replays = "pytest.mark.recorded" in path.read_text(encoding="utf-8")
    assert (source == TOOL.RECORDED) <= replays
    assert (source == TOOL.MOCK) == (path.parent.name == "end_to_end")


def test_a_form_that_is_not_offered_has_no_proof() -> None:
    assert [row.form for row in ROWS if row.not_offered & row.proofs.keys()] == []


def test_columns_are_those_of_the_table() -> None:
    named = {name for row in ROWS for name in (*row.proofs, *row.not_offered)}
    assert named == set(TOOL.PROVIDERS)


def test_every_form_of_openai_is_tested() -> None:
    assert [row.form for row in ROWS if not row.cell("openai")] == []
