"""What each answer means for the records."""

import email.utils
import gzip
import time
import zlib

import pytest

from spanscore._http.answers import MAX_BODY, Answer, error_of
from spanscore.errors import (
    DeliveryError,
    RejectedError,
    RetryLaterError,
    TooLargeError,
    UnauthorizedError,
)

pytestmark = pytest.mark.core

ASKED = "https://host/v1/traces"
MEANINGS: dict[int, type[DeliveryError]] = {
    **dict.fromkeys((400, 409, 418, 422, 431, 451, 499), RejectedError),
    **dict.fromkeys((401, 403), UnauthorizedError),
    413: TooLargeError,
    **dict.fromkeys((402, 404, 405, 406, 407, 410, 415), RetryLaterError),
    **dict.fromkeys((408, 425, 429, 500, 501, 502, 503, 504, 507, 529, 599), RetryLaterError),
    **dict.fromkeys((300, 301, 302, 303, 304, 307, 308), RetryLaterError),
    **dict.fromkeys((100, 199, 600), RetryLaterError),
}


@pytest.mark.parametrize("status", MEANINGS)
def test_every_status_has_a_meaning(status: int) -> None:
    assert type(error_of(Answer(status, {}), ASKED)) is MEANINGS[status]


def test_message_has_address_status_and_the_beginning_of_the_body() -> None:
    answer = Answer(400, {}, b"  no\n\tsuch \x00project: " + b"x" * 1000)
    assert str(error_of(answer, ASKED)) == f"{ASKED} answered 400: no such project: " + "x" * 183


def test_a_body_that_is_no_text_is_shown_as_far_as_it_is() -> None:
    assert str(error_of(Answer(500, {}, b"\xff\x1b[31mred"), ASKED)).endswith("answered 500: \ufffd [31mred")


def test_a_redirect_names_where_it_leads_and_drops_nothing() -> None:
    error = error_of(Answer(308, {"location": "https://new/v1/traces"}), ASKED)
    assert isinstance(error, RetryLaterError)
    assert str(error) == (
        f"{ASKED} answered 308, a redirect to https://new/v1/traces; redirects are not followed; "
        "set the endpoint to https://new/v1/traces"
    )


SECONDS: dict[str, float | None] = {
    "": None,
    "0": 0,
    "7": 7,
    " 2.5 ": 2.5,
    "-3": 0,
    "86400000": 86_400_000,
    "inf": None,
    "nan": None,
    "1e999": None,
    "soon": None,
    "Wed, 21 Oct 2015 07:28:00 GMT": 0,
    "Wed, 99 Oct 99999999999 07:28:00 GMT": None,
}


@pytest.mark.parametrize("given", SECONDS)
def test_retry_after_in_every_form(given: str) -> None:
    assert Answer(503, {"retry-after": given}).retry_after_s == SECONDS[given]


@pytest.mark.parametrize("days", [1, 400, 4000])
def test_retry_after_as_a_date_of_any_distance(days: int) -> None:
    date = email.utils.formatdate(time.time() + days * 86_400, usegmt=True)
    waited = Answer(503, {"retry-after": date}).retry_after_s
    assert waited == pytest.approx(days * 86_400, abs=100)


@pytest.mark.parametrize("status", [408, 429, 500, 503, 302])
def test_retry_after_is_in_the_error(status: int) -> None:
    error = error_of(Answer(status, {"retry-after": "3600"}), ASKED)
    assert isinstance(error, RetryLaterError)
    assert error.after_s == 3600


TEXT = b"the body"
CODINGS = {"": TEXT, "identity": TEXT, "gzip": gzip.compress(TEXT), "deflate": zlib.compress(TEXT)}


@pytest.mark.parametrize("coding", CODINGS)
def test_a_packed_body_is_unpacked(coding: str) -> None:
    assert Answer(400, {"content-encoding": coding}, CODINGS[coding]).content == TEXT


def test_a_body_of_an_unknown_or_broken_coding_is_empty() -> None:
    assert Answer(400, {"content-encoding": "br"}, b"x").content == b""
    assert Answer(400, {"content-encoding": "gzip"}, b"no gzip").content == b""


def test_a_decompression_bomb_is_unpacked_to_64_kib() -> None:
    bomb = gzip.compress(bytes(50 << 20))
    assert len(Answer(400, {"content-encoding": "gzip"}, bomb).content) == MAX_BODY == 65_536
