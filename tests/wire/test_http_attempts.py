import pytest

from spanscore.wire.http_attempts import HttpAttempt, HttpAttempts, limit_headers

pytestmark = pytest.mark.core

REFUSED = HttpAttempt(host="api.example.com", status=429, headers={"retry-after": "2"})


def test_every_listener_is_told_until_it_stops_listening() -> None:
    attempts = HttpAttempts()
    first: list[HttpAttempt] = []
    second: list[HttpAttempt] = []
    with attempts.listening(first.append):
        with attempts.listening(second.append):
            attempts.publish(REFUSED)
        attempts.publish(REFUSED)
        assert attempts.is_heard
    attempts.publish(REFUSED)
    assert (first, second, attempts.is_heard) == ([REFUSED, REFUSED], [REFUSED], False)


def test_listening_ends_with_an_error() -> None:
    attempts = HttpAttempts()
    with pytest.raises(ValueError, match="stop"), attempts.listening(lambda _: None):
        raise ValueError("stop")
    assert not attempts.is_heard


def test_a_listener_is_removed_as_often_as_it_was_added() -> None:
    attempts = HttpAttempts()
    heard: list[HttpAttempt] = []
    attempts.add(heard.append)
    attempts.add(heard.append)
    attempts.remove(heard.append)
    attempts.publish(REFUSED)
    attempts.remove(heard.append)
    attempts.remove(heard.append)
    attempts.publish(REFUSED)
    assert (heard, attempts.is_heard) == ([REFUSED], False)


def test_only_headers_that_speak_of_limits_are_told() -> None:
    given = [
        ("Retry-After-Ms", "5"),
        ("anthropic-ratelimit-tokens-remaining", "7"),
        ("authorization", "Bearer a"),
        ("x-request-id", "b"),
    ]
    assert limit_headers(given) == {"retry-after-ms": "5", "anthropic-ratelimit-tokens-remaining": "7"}
