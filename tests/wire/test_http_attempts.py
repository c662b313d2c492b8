import pytest

from spanscore.wire.http_attempts import HttpAttempt, HttpAttempts

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
