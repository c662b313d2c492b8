"""The environments that are tested in hold what `pyproject.toml` says of the providers."""

import ast
import sys
from pathlib import Path

import pytest
from tools import interpreters, matrix, project, providers

from spanscore.integrations import PROVIDERS

INTEGRATIONS = Path(__file__).parents[2] / "src" / "spanscore" / "integrations"
EXTRAS = {*providers.WITH_OLD_OPENAI, *providers.WITH_LATER_OPENAI}
NOT_OF_PROVIDERS = {"parquet", "prompts", "jsonschema", "ray", "coretest", "dev"}


def oldest_in_code(name: str) -> tuple[int, ...]:
    """`OLDEST` of a provider's package, read without importing what it is about."""
    for statement in ast.parse((INTEGRATIONS / name / "__init__.py").read_text()).body:
        if isinstance(statement, ast.AnnAssign) and getattr(statement.target, "id", "") == "OLDEST":
            assert statement.value is not None
            return ast.literal_eval(statement.value)
    raise AssertionError(f"{name} does not say its oldest version")


@pytest.mark.parametrize("name", PROVIDERS)
def test_oldest_version_in_code_is_the_bound_of_the_extra(name: str) -> None:
    (pin,) = project.oldest(name.replace("_", "-"))
    known = tuple(map(int, pin.partition("==")[2].split(".")))
    oldest = oldest_in_code(name)
    assert known == oldest[: len(known)]
    assert set(oldest[len(known) :]) <= {0}


def test_every_extra_of_a_provider_is_tested_at_its_oldest() -> None:
    assert set(project.extras()) - NOT_OF_PROVIDERS == EXTRAS
    pins = [pin for environment in providers.environments() for pin in environment.pins]
    assert {pin for extra in EXTRAS for pin in project.oldest(extra)} <= set(pins)


def test_gate_has_interpreters_and_the_matrix_providers_too() -> None:
    gate = [each.name for each in matrix.choice([])]
    assert gate == [each.name for each in interpreters.environments()]
    assert set(gate) < set(matrix.names())
    assert [each.name for each in matrix.choice(["openai2", "oldest"])] == ["oldest", "openai2"]
    assert matrix.choice(["nothing"]) == []


def test_gate_has_the_ends_of_what_is_supported_and_the_matrix_what_lies_between() -> None:
    gate, found = interpreters.environments(), interpreters.interpreters()
    assert (gate[0].python, gate[0].pins) == (next(iter(found.values())), interpreters.OLDEST)
    assert {each.python for each in gate} <= {next(iter(found.values())), next(reversed(found.values()))}
    tested = {each.python for each in (*gate, *interpreters.further())} | {sys.executable}
    assert tested == set(found.values())


def test_core_tests_are_told_that_they_run_without_providers() -> None:
    everywhere = [*interpreters.environments(), *interpreters.further()]
    assert all(each.variables == interpreters.BARE for each in everywhere)
    pins = [pin for each in everywhere for pin in each.pins]
    assert [pin for pin in pins if not pin.startswith("opentelemetry-")] == []
