"""How the tree is laid out: small files, a test file for each, no cycles of habit."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src" / "spanscore"
MODULES = sorted(path.relative_to(SOURCE) for path in SOURCE.rglob("*.py") if path.name != "__init__.py")

TESTED_BY = {
    "__main__.py": "cli/test_main.py",
    "errors.py": "test_errors.py",
    "testing.py": "test_testing.py",
    "_connect/_experiments.py": "test_account.py",
    "_connect/_opened.py": "_connect/test_connection.py",
    "api/_cached.py": "end_to_end/test_cached_evals.py",
    "api/_cluster.py": "evals/distributed/test_ray.py",
    "api/_recording.py": "api/test_setup.py",
    "api/readonly_experiment.py": "api/test_init.py",
    "evals/reporters/_display.py": "evals/reporters/test_choose.py",
    "delivery/_log.py": "delivery/test_memory.py",
    "tracing/_call.py": "tracing/test_traced.py",
    "tracing/_event.py": "tracing/test_span.py",
    "tracing/_open.py": "tracing/test_scope.py",
    "tracing/_origin.py": "tracing/test_recording.py",
    "tracing/_sampling.py": "tracing/test_recording.py",
    "tracing/_tracer.py": "tracing/test_span.py",
    "tracing/_types.py": "tracing/test_handle.py",
    "wire/attributes.py": "store/test_ingest.py",
    "wire/records.py": "delivery/test_outbox.py",
    "wire/regressions.py": "store/test_regressions.py",
    "wire/datasets.py": "store/test_datasets.py",
    "wire/seams.py": "api/test_setup.py",
    "wire/summaries.py": "store/test_summaries.py",
}
"""Modules that are covered by the test of a neighbour they are one thing with."""


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_module_has_a_test_file(module: Path) -> None:
    own = module.parent / f"test_{module.name.lstrip('_')}"
    named = TESTED_BY.get(module.as_posix())
    assert (ROOT / "tests" / (named or own)).exists()


def test_no_exception_is_out_of_date() -> None:
    gone = [name for name in TESTED_BY if not (SOURCE / name).exists()]
    assert gone == []


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_file_is_short(module: Path) -> None:
    assert len((SOURCE / module).read_text().splitlines()) <= 400


BANNED = ("utils", "helpers", "common", "core", "base", "manager", "handler")


def test_no_file_is_named_after_nothing() -> None:
    assert [module for module in MODULES if module.stem.strip("_") in BANNED] == []
