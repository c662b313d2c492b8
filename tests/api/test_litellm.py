"""The front door loads neither litellm nor the engine before the module is wrapped."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.core


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_naming_the_function_loads_neither_litellm_nor_the_engine() -> None:
    loaded = run(
        "import sys; from spanscore import wrap_litellm; "
        "heavy = ('litellm', 'openai', 'wrapt', 'spanscore.integrations'); "
        "print([name for name in sys.modules if name.startswith(heavy)])"
    )
    assert loaded == "[]"


def test_what_is_not_the_module_is_refused_without_importing_it() -> None:
    said = run(
        "import sys\n"
        "from spanscore import wrap_litellm\n"
        "from spanscore.errors import InstrumentError\n"
        "try:\n"
        "    wrap_litellm(object())\n"
        "except InstrumentError as error:\n"
        "    print(error, 'litellm' in sys.modules)\n"
    )
    assert said == (
        "'object' object is not the module litellm, which is not imported; "
        "so import it first: import litellm; wrap_litellm(litellm) False"
    )
