"""Whoever listens hears of every attempt of an operation; botocore's retries stay as they are."""

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from bedrock_clients import ASKED, client_of
from fake_bedrock import FakeBedrock, failure
from spanscore.integrations.bedrock import wrap
from spanscore.testing import RecordedRecords
from spanscore.wire.http_attempts import HTTP_ATTEMPTS, HttpAttempt


def test_every_attempt_is_heard(server: FakeBedrock, recorded: RecordedRecords) -> None:
    server.reply(failure(429, "ThrottlingException"))
    heard: list[HttpAttempt] = []
    with client_of(server.url, attempts=2) as client, HTTP_ATTEMPTS.listening(heard.append):
        wrap(client).converse(**ASKED)
    host = server.url.removeprefix("http://")
    assert [(attempt.host, attempt.status) for attempt in heard] == [(host, 429), (host, 200)]
    assert len(server.received) == 2


def test_a_connection_that_fails_is_an_attempt_without_status(recorded: RecordedRecords) -> None:
    heard: list[HttpAttempt] = []
    with (
        client_of("http://127.0.0.1:9") as client,
        HTTP_ATTEMPTS.listening(heard.append),
        pytest.raises(EndpointConnectionError),
    ):
        wrap(client).converse(**ASKED)
    assert heard == [
        HttpAttempt(host="127.0.0.1:9", status=None, headers={}, error="EndpointConnectionError")
    ]


def test_clients_that_are_not_recorded_are_not_heard(server: FakeBedrock) -> None:
    heard: list[Any] = []
    with client_of(server.url) as client, HTTP_ATTEMPTS.listening(heard.append):
        client.converse(**ASKED)
    assert heard == []
