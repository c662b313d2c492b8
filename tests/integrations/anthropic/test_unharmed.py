"""Calls of a wrapped client with a tracer provider that fails: answers and errors are the bare client's."""

from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace

from anthropic_forms import STREAMED, WHOLE, Form, bare, outcome
from failing_provider import FAILURES, FailingProvider
from fake_anthropic import FakeAnthropic, Reply, failure, message, streamed, text_events, whole
from spanscore._config import Settings
from spanscore.testing import RecordedRecords
from spanscore.tracing import RECORDING, guard

FORMS: dict[str, tuple[Form, Reply]] = {
    **{name: (form, whole(message("hi"))) for name, form in WHOLE.items()},
    **{name: (form, streamed(text_events("h", "i"))) for name, form in STREAMED.items()},
    **{f"{name}, failing": (form, failure(404)) for name, form in {**WHOLE, **STREAMED}.items()},
}


@pytest.fixture(autouse=True)
def _as_for_users() -> None:
    guard.reraise = False


@pytest.mark.parametrize("name", FORMS)
async def test_call_is_unharmed_by_a_provider_that_fails(name: str, server: FakeAnthropic) -> None:
    form, reply = FORMS[name]
    expected = repr(await outcome(form, server, reply, wrap=bare))
    for failing in FAILURES:
        assert (failing, repr(await recorded_outcome(form, server, reply, failing))) == (failing, expected)


async def recorded_outcome(form: Form, server: FakeAnthropic, reply: Reply, failing: str) -> Any:
    provider = FailingProvider(failing)
    trace._TRACER_PROVIDER = provider  # pyright: ignore[reportPrivateUsage]
    RECORDING.switch_on(RecordedRecords(), Settings(home=Path("unused")), provider=provider)
    try:
        return await outcome(form, server, reply)
    finally:
        RECORDING.switch_off()
        trace._TRACER_PROVIDER = None  # pyright: ignore[reportPrivateUsage]
