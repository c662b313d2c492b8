"""Providers are recorded without touching a client, whenever they are imported, and that can be undone."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from spanscore.api.instrument import auto_instrument, instrument, uninstrument
from spanscore.errors import InstrumentError
from spanscore.integrations import PROVIDERS

pytestmark = pytest.mark.core

PROVIDERS_PACKAGES = {trigger.partition(".")[0] for trigger in PROVIDERS.values()}

IMPORTS_NOTHING = """
import sys
from spanscore.api.instrument import auto_instrument, instrument
found = auto_instrument()
assert set(found) == set(PROVIDERS), found
loaded = sorted(PACKAGES & {name.partition(".")[0] for name in sys.modules})
print(loaded)
"""


def test_nothing_is_imported() -> None:
    program = f"PROVIDERS = {dict(PROVIDERS)!r}\nPACKAGES = {PROVIDERS_PACKAGES!r}\n{IMPORTS_NOTHING}"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (ran.stdout, ran.stderr) == ("[]\n", "")


def test_what_is_recorded_is_told_by_name() -> None:
    try:
        found = auto_instrument(openai=False)
    finally:
        uninstrument()
    assert set(found) == set(PROVIDERS)
    assert found["openai"] is False


def test_what_is_not_installed_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    if find_spec("openai"):
        monkeypatch.setattr("spanscore.integrations._registry.find_spec", lambda name: None)
        monkeypatch.delitem(sys.modules, "openai", raising=False)
    with pytest.raises(InstrumentError, match=r"openai is not installed; pip install 'spanscore\[openai\]'"):
        instrument("openai")


@pytest.mark.parametrize("use", [instrument, uninstrument, lambda name: auto_instrument(**{name: True})])
def test_an_unknown_name_is_an_error(use: object) -> None:
    with pytest.raises(InstrumentError, match="'opneai'"):
        use("opneai")  # type: ignore[operator]
