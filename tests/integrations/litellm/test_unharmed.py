"""Calls of patched litellm with a tracer provider that fails: answers and errors are bare litellm's."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace

from failing_provider import FAILURES, FailingProvider
from fake_openai import FakeOpenAI, Reply, completion, failure, streamed, text_chunks, whole
from litellm_forms import STREAMED, WHOLE, kind_of
from spanscore._config import Settings
from spanscore.integrations.litellm import patch
from spanscore.testing import RecordedRecords
from spanscore.tracing import RECORDING, guard

Form = Callable[[str], Awaitable[Any]]

NAMES = ("completion", "acompletion", "router", "router, async")
STREAMS = ("stream", "async stream", "router, stream", "router, async stream")
FORMS: dict[str, tuple[Form, Reply]] = {
    **{name: (WHOLE[name], whole(completion("hi"))) for name in NAMES},
    **{name: (STREAMED[name], streamed(text_chunks("h", "i"))) for name in STREAMS},
    **{f"{name}, failing": ({**WHOLE, **STREAMED}[name], failure(404)) for name in (*NAMES, *STREAMS)},
}


async def outcome(form: Form, server: FakeOpenAI, reply: Reply) -> tuple[str, str]:
    server.reply(reply)
    try:
        return "value", repr(await form(server.url))
    except Exception as error:  # noqa: BLE001 - whatever litellm raises is the outcome
        return kind_of(error), ""


@pytest.mark.parametrize("failing", FAILURES)
async def test_calls_are_unharmed_by_a_provider_that_fails(
    failing: str, server: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard.reraise = False
    wanted = {name: await outcome(form, server, reply) for name, (form, reply) in FORMS.items()}
    provider = FailingProvider(failing)
    undo = patch()
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    RECORDING.switch_on(RecordedRecords(), Settings(home=Path("unused")), provider=provider)
    try:
        got = {name: await outcome(form, server, reply) for name, (form, reply) in FORMS.items()}
    finally:
        RECORDING.switch_off()
        undo()
    assert got == wanted
