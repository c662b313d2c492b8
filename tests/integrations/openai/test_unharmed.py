"""Calls of a wrapped client with a tracer provider that fails: answers and errors are the bare client's."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace

from failing_provider import FAILURES, FailingProvider, ProviderError
from fake_openai import FakeOpenAI, Reply, completion, failure, streamed, text_chunks, whole
from fake_responses import message, response, streamed_response
from openai_forms import RESPONDED, RESPONSE_STREAMED, STREAMED, WHOLE
from spanscore._config import Settings
from spanscore.testing import RecordedRecords
from spanscore.tracing import RECORDING, guard

Form = Callable[[str], Awaitable[Any]]

ERROR = failure(404)
FORMS: dict[str, tuple[Form, Reply]] = {
    **{name: (form, whole(completion("hi"))) for name, form in WHOLE.items()},
    **{name: (form, streamed(text_chunks("h", "i"))) for name, form in STREAMED.items()},
    **{name: (form, whole(response(message("hi")))) for name, form in RESPONDED.items()},
    **{name: (form, streamed_response(response(message("hi")))) for name, form in RESPONSE_STREAMED.items()},
    **{
        f"{name}, failing": (form, ERROR)
        for name, form in {**WHOLE, **STREAMED, **RESPONDED, **RESPONSE_STREAMED}.items()
    },
}


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


@pytest.fixture(autouse=True)
def _as_for_users() -> None:
    guard.reraise = False


async def outcome(form: Form, server: FakeOpenAI, reply: Reply) -> tuple[str, str]:
    server.reply(reply)
    try:
        return "value", repr(await form(server.url))
    except Exception as error:  # noqa: BLE001 - whatever the client raises is the outcome
        return type(error).__name__, str(error)


@pytest.mark.parametrize("name", FORMS)
async def test_call_is_unharmed_by_a_provider_that_fails(name: str, server: FakeOpenAI) -> None:
    form, reply = FORMS[name]
    bare = await outcome(form, server, reply)
    for failing in FAILURES:
        if failing != "end":
            assert (failing, await recorded_outcome(form, server, reply, failing)) == (failing, bare)


async def test_call_is_unharmed_by_a_span_that_cannot_be_ended(server: FakeOpenAI) -> None:
    harmed: list[str] = []
    for name, (form, reply) in FORMS.items():
        bare = await outcome(form, server, reply)
        if await recorded_outcome(form, server, reply, "end") != bare:
            harmed.append(name)
    assert harmed == []


class FailingLater(FailingProvider):
    """Takes what is known at the start of a span."""

    def check(self, what: str) -> None:
        super().check(what)
        if what == "set_attributes" and self.calls.count(what) > 1:
            raise ProviderError(what)


@pytest.mark.parametrize(
    ("name", "provider", "what"),
    [
        ("create", FailingLater(), "describing a provider's answer"),
        ("create, failing", FailingLater(), "recording a provider's error"),
    ],
)
async def test_what_cannot_be_recorded_is_counted(
    name: str, provider: FailingProvider, what: str, server: FakeOpenAI
) -> None:
    guard.drain()
    RECORDING.switch_on(RecordedRecords(), Settings(home=Path("unused")), provider=provider)
    await outcome(FORMS[name][0], server, FORMS[name][1])
    RECORDING.switch_off()
    assert guard.drain() == {what: 1}


async def recorded_outcome(form: Form, server: FakeOpenAI, reply: Reply, failing: str) -> tuple[str, str]:
    provider = FailingProvider(failing)
    trace._TRACER_PROVIDER = provider
    RECORDING.switch_on(RecordedRecords(), Settings(home=Path("unused")), provider=provider)
    try:
        return await outcome(form, server, reply)
    finally:
        RECORDING.switch_off()
        trace._TRACER_PROVIDER = None
