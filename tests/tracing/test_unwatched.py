"""The context of our own work."""

import pytest
from opentelemetry import context as otel_context

from spanscore import init_logger, start_span
from spanscore.tracing import is_recording
from spanscore.tracing._unwatched import unwatched


def test_instrumentations_are_off_and_nothing_of_the_program_is_in_it() -> None:
    asked = pytest.importorskip(
        "opentelemetry.instrumentation.utils", reason="it comes with instrumentations"
    )
    init_logger("bot")
    with start_span("mine"):
        token = otel_context.attach(unwatched())
        found = (is_recording(), asked.is_instrumentation_enabled(), asked.is_http_instrumentation_enabled())
        otel_context.detach(token)
    assert found == (False, False, False)


@pytest.mark.core
def test_older_and_newer_names_of_the_switch_are_set() -> None:
    made = unwatched()
    assert made["suppress_instrumentation"] is True
    for name in ("_SUPPRESS_INSTRUMENTATION_KEY", "_SUPPRESS_HTTP_INSTRUMENTATION_KEY"):
        if hasattr(otel_context, name):
            assert made[getattr(otel_context, name)] is True
