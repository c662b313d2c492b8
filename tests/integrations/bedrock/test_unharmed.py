"""Calls of a wrapped client with a tracer provider that fails: answers and errors are the bare client's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace

from bedrock_clients import ASKED, client_of
from failing_provider import FAILURES, FailingProvider
from fake_bedrock import FakeBedrock, Reply, failure, greeting, greeting_events, streamed, whole
from spanscore._config import Settings
from spanscore.integrations.bedrock import wrap
from spanscore.testing import RecordedRecords
from spanscore.tracing import RECORDING, guard


def converse(client: Any) -> Any:
    return client.converse(**ASKED)


def converse_stream(client: Any) -> Any:
    stream = client.converse_stream(**ASKED)["stream"]
    try:
        return list(stream)
    finally:
        stream.close()


BROKEN = streamed([*greeting_events()[:3], ("throttlingException", {"message": "no"})])
FORMS: dict[str, tuple[Callable[[Any], Any], Reply]] = {
    "converse": (converse, whole(greeting())),
    "converse, failing": (converse, failure(400, "ValidationException")),
    "converse_stream": (converse_stream, streamed(greeting_events())),
    "converse_stream, failing": (converse_stream, failure(400, "ValidationException")),
    "converse_stream, failing later": (converse_stream, BROKEN),
}


def outcome(call: Callable[[Any], Any], client: Any) -> tuple[str, str]:
    try:
        return "value", repr(call(client))
    except Exception as error:  # noqa: BLE001 - whatever the client raises is the outcome
        return type(error).__name__, str(error)


@pytest.mark.parametrize("failing", FAILURES)
def test_calls_are_unharmed_by_a_provider_that_fails(
    failing: str, server: FakeBedrock, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard.reraise = False
    provider = FailingProvider(failing)
    with client_of(server.url) as bare, client_of(server.url) as client:
        wrap(client)
        for name, (call, reply) in FORMS.items():
            server.reply(reply, reply)
            wanted = outcome(call, bare)
            monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
            RECORDING.switch_on(RecordedRecords(), Settings(home=Path("unused")), provider=provider)
            try:
                assert (name, outcome(call, client)) == (name, wanted)
            finally:
                RECORDING.switch_off()
