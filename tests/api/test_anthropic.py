"""The front door loads neither anthropic nor the engine before a client is wrapped."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.core


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_naming_the_function_loads_neither_anthropic_nor_the_engine() -> None:
    loaded = run(
        "import sys; from spanscore import wrap_anthropic; "
        "heavy = ('anthropic', 'httpx', 'wrapt', 'spanscore.integrations'); "
        "print([name for name in sys.modules if name.startswith(heavy)])"
    )
    assert loaded == "[]"


def test_an_object_that_is_no_client_is_refused_without_importing_anthropic() -> None:
    said = run(
        "import sys\n"
        "from spanscore import wrap_anthropic\n"
        "from spanscore.errors import InstrumentError\n"
        "try:\n"
        "    wrap_anthropic(object())\n"
        "except InstrumentError as error:\n"
        "    print(error, 'anthropic' in sys.modules)\n"
    )
    assert said == (
        "'object' object is no Anthropic client; anthropic is not imported, "
        "so make one first: from anthropic import Anthropic; wrap_anthropic(Anthropic()) False"
    )
