"""What every test gets: errors of ours that fail it, and a process without recording."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.util._once import Once

from spanscore.api._recording import stop_recording
from spanscore.tracing import CURRENT_EXPERIMENT, CURRENT_LOGGER, guard

_FOREIGN = ("BRAINTRUST_", "OTEL_", "SPANSCORE_DESTINATION", "SPANSCORE_DURABILITY", "SPANSCORE_REDACT")
"""What the variables of whoever runs the tests begin with."""

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # As a shell leaves it to what it runs in the background: programs of tests would inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)

hypothesis.settings.register_profile("short", max_examples=20, deadline=None)
hypothesis.settings.register_profile("long", max_examples=3_000, deadline=None)
if os.environ.get("SPANSCORE_HYPOTHESIS") == "long":
    hypothesis.settings.load_profile("long")


@pytest.fixture(autouse=True)
def _own_errors_fail_the_test() -> Iterator[None]:
    guard.forget()
    guard.reraise = True
    yield
    guard.reraise = False


@pytest.fixture(autouse=True)
def _clean_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No provider, no recording, no current span before and after; the store is in a folder of the test's."""
    for name in tuple(os.environ):
        if name.startswith(_FOREIGN) or name in ("CI", "GITHUB_ACTIONS"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SPANSCORE_HOME", str(tmp_path / "home"))
    _forget_provider()
    token = otel_context.attach(Context())
    yield
    stop_recording()
    CURRENT_EXPERIMENT.clear()
    CURRENT_LOGGER.clear()
    _forget_provider()
    otel_context.detach(token)


def _forget_provider() -> None:
    # OpenTelemetry lets a process set its provider once; a test session needs it again and again.
    trace._TRACER_PROVIDER = None  # pyright: ignore[reportPrivateUsage]
    trace._TRACER_PROVIDER_SET_ONCE = Once()  # pyright: ignore[reportPrivateUsage]
