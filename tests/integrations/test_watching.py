"""Which requests are watched, and when."""

import pytest

from spanscore.integrations._transfer import transfer_of
from spanscore.integrations._watching import watching
from spanscore.wire.http_attempts import HTTP_ATTEMPTS, HttpAttempt

pytestmark = pytest.mark.core

CLIENT, OTHER = object(), object()


def ignore(attempt: HttpAttempt) -> None:
    """A listener that does nothing."""


def test_nothing_is_watched_while_nobody_cares() -> None:
    with watching(None, CLIENT):
        assert transfer_of(CLIENT) is None


def test_only_the_calls_own_client_is_watched_and_only_while_it_runs() -> None:
    with HTTP_ATTEMPTS.listening(ignore):
        with watching(None, CLIENT):
            transfer = transfer_of(CLIENT)
            assert transfer is not None
            assert transfer_of(OTHER) is None
        assert transfer_of(CLIENT) is None
        assert not transfer.covers(CLIENT)


def test_a_call_inside_another_is_part_of_it() -> None:
    with HTTP_ATTEMPTS.listening(ignore), watching(None):
        outer = transfer_of(CLIENT)
        with watching(None, CLIENT):
            assert transfer_of(CLIENT) is outer
        assert transfer_of(CLIENT) is outer


def test_a_call_of_another_client_inside_is_one_of_its_own() -> None:
    with HTTP_ATTEMPTS.listening(ignore), watching(None, CLIENT):
        outer = transfer_of(CLIENT)
        with watching(None, OTHER):
            assert transfer_of(OTHER) not in (None, outer)
            assert transfer_of(CLIENT) is None
        assert transfer_of(CLIENT) is outer
