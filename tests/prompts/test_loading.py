"""The loading of a prompt: the server's, or the last one known."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from spanscore.errors import NotFoundError, RetryLaterError, UnauthorizedError
from spanscore.prompts import AnswerFolder, load
from spanscore.wire.hosted import HostedQuery

pytestmark = pytest.mark.core

QUERY = HostedQuery(project="bot", slug="greeting")
ANSWER: dict[str, Any] = {
    "slug": "greeting",
    "name": "Greeting",
    "_xact_id": "1",
    "prompt_data": {"options": {}},
}


def failing(error: Exception) -> Any:
    def fetch(_query: HostedQuery) -> Mapping[str, Any]:
        raise error

    return fetch


def test_a_server_that_is_away_is_stood_in_for(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = AnswerFolder(tmp_path, "account")
    fresh = load(QUERY, fetch=lambda _query: ANSWER, folder=folder)
    with caplog.at_level(logging.WARNING, "spanscore"):
        assert load(QUERY, fetch=failing(RetryLaterError("no answer")), folder=folder) == fresh
    assert caplog.messages == ["the prompt bot/greeting is as it was when it was last loaded: no answer"]


def test_without_a_last_answer_the_error_passes(tmp_path: Path) -> None:
    with pytest.raises(RetryLaterError, match="no answer"):
        load(QUERY, fetch=failing(RetryLaterError("no answer")), folder=AnswerFolder(tmp_path, "a"))


@pytest.mark.parametrize("error", [NotFoundError("gone"), UnauthorizedError("refused")])
def test_what_the_server_says_is_not_papered_over(error: Exception, tmp_path: Path) -> None:
    folder = AnswerFolder(tmp_path, "account")
    load(QUERY, fetch=lambda _query: ANSWER, folder=folder)
    with pytest.raises(type(error)):
        load(QUERY, fetch=failing(error), folder=folder)


@pytest.mark.parametrize("pin", [{"version": "7"}, {"environment": "production"}])
def test_what_is_pinned_is_never_stood_in_for(pin: dict[str, str], tmp_path: Path) -> None:
    folder = AnswerFolder(tmp_path, "account")
    load(QUERY, fetch=lambda _query: ANSWER, folder=folder)
    pinned = HostedQuery(project="bot", slug="greeting", **pin)
    load(pinned, fetch=lambda _query: {**ANSWER, "_xact_id": "7"}, folder=folder)
    with pytest.raises(RetryLaterError):
        load(pinned, fetch=failing(RetryLaterError("no answer")), folder=folder)
    kept = load(QUERY, fetch=failing(RetryLaterError("no answer")), folder=folder)
    assert kept.version == "1"
