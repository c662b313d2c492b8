"""What importing the package loads, and what it does not."""

import json
import subprocess
import sys

import pytest

FRONT_DOORS = "from spanscore import traced, current_span, wrap_openai, Eval, init_logger"
HEAVY = ("openai", "requests", "re2", "sqlite3", "rich", "wrapt", "pyarrow", "autoevals", "zstandard")


def modules_after(statement: str) -> set[str]:
    program = (
        f"import sys; before = set(sys.modules)\n{statement}\n"
        "loaded = list(set(sys.modules) - before); import json; print(json.dumps(loaded))"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(printed.stdout))


def test_package_itself_loads_next_to_nothing() -> None:
    loaded = modules_after("import spanscore")
    assert {name for name in loaded if name.startswith("spanscore")} == {"spanscore"}
    assert {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names == {"spanscore"}


def test_front_doors_stay_within_the_module_budget() -> None:
    loaded = modules_after(FRONT_DOORS)
    assert len(loaded) <= 260
    assert [name for name in HEAVY if name in loaded] == []
    assert [name for name in loaded if name.startswith("opentelemetry.exporter")] == []


@pytest.mark.parametrize("module", ["spanscore.cli", "spanscore.testing", "spanscore.api.openai"])
def test_module_loads_no_provider(module: str) -> None:
    loaded = modules_after(f"import {module}")
    assert [name for name in ("openai", "requests", "pyarrow") if name in loaded] == []
