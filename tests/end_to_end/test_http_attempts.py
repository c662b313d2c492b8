"""Whoever listens hears of every attempt; the client does what it does when nobody listens."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from openai import DefaultHttpxClient, OpenAI

from end_to_end.calls import Form, Patience, forms
from end_to_end.comparison import How, called
from end_to_end.faults import SCRIPT
from end_to_end.mock_server import LLMock
from end_to_end.outcome import Outcome, without_what_varies
from fake_anthropic import FakeAnthropic
from fake_anthropic import failure as anthropic_failure
from fake_openai import FakeOpenAI, failure
from openai_forms import ASKED
from spanscore import wrap_anthropic, wrap_openai
from spanscore.integrations._transports import stop_looking
from spanscore.testing import RecordedRecords
from spanscore.tracing import guard
from spanscore.wire.http_attempts import HTTP_ATTEMPTS, HttpAttempt

FORMS = {name: form for name, form in forms().items() if form.is_plain}
PATIENCE = Patience(retries=2)


@pytest.fixture(autouse=True)
def transports_as_they_were() -> Iterator[None]:
    stop_looking()
    yield
    stop_looking()


@pytest.fixture
def heard() -> Iterator[list[HttpAttempt]]:
    attempts: list[HttpAttempt] = []
    with HTTP_ATTEMPTS.listening(attempts.append):
        yield attempts


async def seen(form: Form, mock: LLMock, how: How, *behaviours: Any) -> tuple[Outcome, str]:
    """What the caller gets, and what the mock has received."""
    mock.script(*SCRIPT, *behaviours)
    outcome = await called(form, mock.base_url(form.provider), PATIENCE, how)
    names = ("method", "path", "body", "status", "sdk_retry_count")
    requests = [{name: request[name] for name in names} for request in mock.requests()]
    return outcome, without_what_varies(requests)


@pytest.mark.parametrize(
    ("form", "how"),
    [
        pytest.param(form, how, id=f"{name}, {how}")
        for name, form in FORMS.items()
        for how in (("wrap", "instrument") if form.is_patient and not form.is_stream else ("wrap",))
    ],
)
async def test_every_attempt_is_heard_and_retries_are_the_clients(
    form: Form, how: How, mock: LLMock, recorded: RecordedRecords
) -> None:
    failing = {"type": "fail", "status": 429, "times": 1, "retry_after": 0}
    bare, bare_requests = await seen(form, mock, None, failing)
    attempts: list[HttpAttempt] = []
    with HTTP_ATTEMPTS.listening(attempts.append):
        outcome, requests = await seen(form, mock, how, failing)
    assert outcome.told() == bare.told()
    assert requests == bare_requests
    statuses = [attempt.status for attempt in attempts]
    # Google's clients do not try again unless they are told to.
    assert statuses == ([429] if bare.error is not None else [429, 200])
    assert attempts[0].headers["retry-after"] == "0"
    assert {attempt.host for attempt in attempts} == {mock.url.removeprefix("http://")}
    assert len(recorded.spans) == 1


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
async def test_a_connection_that_fails_is_an_attempt_without_status(
    form: Form, heard: list[HttpAttempt], recorded: RecordedRecords
) -> None:
    url = "http://127.0.0.1:9"
    outcome = await called(form, url, Patience(retries=0), "wrap")
    assert outcome.error is not None
    attempt = heard[0]
    assert replace(attempt, error=None) == HttpAttempt(host="127.0.0.1:9", status=None, headers={})
    # Google's asynchronous client goes over aiohttp where that is installed.
    assert attempt.error in ("ConnectError", "ClientConnectorError")


def test_limits_in_the_head_of_an_answer_are_heard(
    heard: list[HttpAttempt], recorded: RecordedRecords
) -> None:
    limits = {"X-RateLimit-Remaining-Requests": "0", "x-ratelimit-reset-tokens": "6m0s", "x-request-id": "a"}
    with (
        FakeOpenAI(replace(failure(429), headers=limits)) as server,
        OpenAI(api_key="none", base_url=server.url, max_retries=1) as client,
    ):
        wrap_openai(client).chat.completions.create(**ASKED)
    assert [(attempt.status, dict(attempt.headers)) for attempt in heard] == [
        (
            429,
            {
                "retry-after-ms": "1",
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-reset-tokens": "6m0s",
            },
        ),
        (200, {"retry-after-ms": "1"}),
    ]


def test_endpoints_that_have_no_span_are_heard_too(
    heard: list[HttpAttempt], recorded: RecordedRecords
) -> None:
    anthropic = pytest.importorskip("anthropic")
    with (
        FakeAnthropic(anthropic_failure(529)) as server,
        anthropic.Anthropic(api_key="none", base_url=server.url, max_retries=0) as client,
        pytest.raises(anthropic.APIStatusError),
    ):
        wrap_anthropic(client).post("/v1/messages/count_tokens", cast_to=object, body={})
    assert [attempt.status for attempt in heard] == [529]
    assert recorded.spans == []


def test_clients_that_are_not_recorded_are_not_heard_and_shared_ones_stay_as_they_are(
    heard: list[HttpAttempt], recorded: RecordedRecords
) -> None:
    with FakeOpenAI() as server, DefaultHttpxClient(verify=False) as http_client:
        before = {name: value for name, value in vars(http_client).items() if name != "_state"}
        options: Any = {"api_key": "none", "base_url": server.url, "http_client": http_client}
        OpenAI(**options).chat.completions.create(**ASKED)
        http_client.get(server.url)
        assert heard == []
        client = wrap_openai(OpenAI(**options))
        client.with_options(timeout=5).chat.completions.create(**ASKED)
        assert len(heard) == 1
        http_client.get(server.url)
        OpenAI(**options).chat.completions.create(**ASKED)
        assert len(heard) == 1
        assert {name: value for name, value in vars(http_client).items() if name != "_state"} == before


def test_nothing_is_put_on_while_nobody_listens(recorded: RecordedRecords) -> None:
    with FakeOpenAI() as server, OpenAI(api_key="none", base_url=server.url) as client:
        kind: Any = next(kind for kind in DefaultHttpxClient.__mro__ if "_transport_for_url" in vars(kind))
        before = kind._transport_for_url
        wrap_openai(client).chat.completions.create(**ASKED)
        assert kind._transport_for_url is before


def test_a_listener_that_fails_harms_nobody(recorded: RecordedRecords) -> None:
    guard.reraise = False
    with (
        FakeOpenAI() as server,
        OpenAI(api_key="none", base_url=server.url) as client,
        HTTP_ATTEMPTS.listening(lambda attempt: {}[attempt.host]),
    ):
        answer = wrap_openai(client).chat.completions.create(**ASKED)
    assert answer.choices[0].message.content == "Hello from the fake server"
