"""Where no provider is installed, everything else works, and asking for all of them is no error."""

import os
import subprocess
import sys

import pytest

from spanscore.integrations import INSTRUMENTED, PROVIDERS

pytestmark = pytest.mark.core

PACKAGES = sorted({trigger.partition(".")[0] for trigger in PROVIDERS.values()})

PROGRAM = f"""
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {PACKAGES!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())

import spanscore

print(spanscore.auto_instrument())
spanscore.uninstrument()
"""


def test_asking_for_all_providers_is_no_error_where_there_is_none() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.strip() == str(dict.fromkeys(PROVIDERS, False))


@pytest.mark.skipif("SPANSCORE_TESTED_BARE" not in os.environ, reason="providers may be installed here")
def test_no_provider_is_there_when_the_core_tests_say_so() -> None:
    assert [name for name in PROVIDERS if INSTRUMENTED.is_installed(name)] == []
