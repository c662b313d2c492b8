"""One attempt over a real socket: what is sent, what is read, what goes wrong."""

import gzip
import logging
import os
import socket
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from http_sink import Answer, HttpSink
from spanscore._http.answers import MAX_BODY
from spanscore._http.sender import HttpSender, address, secrets_of
from spanscore._http.settings import HttpSettings
from spanscore.errors import (
    DeliveryError,
    RejectedError,
    RetryLaterError,
    TooLargeError,
    UnauthorizedError,
)

pytestmark = pytest.mark.core

KEY = "sk-never-to-be-seen"


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with HttpSink() as each:
        yield each


def settings(sink: HttpSink, **changes: Any) -> HttpSettings:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/x-protobuf"}
    made = HttpSettings(endpoint=f"{sink.url}/v1/traces", headers=headers, timeout_s=5)
    return replace(made, **changes)


def failure(sender: HttpSender, body: bytes = b"body", **options: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        sender.post(body, **options)
    return caught.value


def test_a_file_is_sent_as_it_is_read(sink: HttpSink, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(os.urandom(300_000))
    with path.open("rb") as file:
        HttpSender(HttpSettings(endpoint="", compression="gzip")).send("PUT", file, url=f"{sink.url}/put")
    (request,) = sink.requests
    assert (request.method, request.path, request.body) == ("PUT", "/put", path.read_bytes())
    assert request.headers["content-length"] == "300000"


def test_an_answer_is_read_whole_where_it_is_wanted(sink: HttpSink) -> None:
    sink.answer = lambda _request: Answer(body=bytes(3 * MAX_BODY))
    sender = HttpSender(settings(sink))
    sizes = [len(sender.send("GET", most=most).body) for most in (None, MAX_BODY)]
    assert sizes == [3 * MAX_BODY, MAX_BODY]
    sink.answer = lambda _request: Answer(status=500, body=bytes(3 * MAX_BODY))
    with pytest.raises(RetryLaterError):
        sender.send("GET", most=None)
    sender.close()


def test_what_an_answer_means_can_be_judged_otherwise(sink: HttpSink) -> None:
    sink.answer = lambda _request: Answer(status=404)
    sender = HttpSender(settings(sink))
    with pytest.raises(RejectedError, match="404 from http://127"):
        sender.send("GET", judge=lambda answer, asked: RejectedError(f"{answer.status} from {asked}"))
    sender.close()


def test_a_post_sends_body_and_headers_and_gives_the_answer(sink: HttpSink) -> None:
    sink.script.append(Answer(headers={"X-Trace": "1"}, body=b"fine"))
    answer = HttpSender(settings(sink)).post(b"body", headers={"x-bt-parent": "p"})
    request = sink.requests[0]
    assert (answer.status, answer.headers["x-trace"], answer.content) == (200, "1", b"fine")
    assert (request.method, request.path, request.body) == ("POST", "/v1/traces", b"body")
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["x-bt-parent"] == "p"
    assert request.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_body_is_packed_when_so_configured(sink: HttpSink, coding: str) -> None:
    HttpSender(settings(sink, compression=coding)).post(b"body" * 1000)
    assert len(sink.requests[0].body) < 200
    assert sink.requests[0].content == b"body" * 1000


def test_connections_are_used_again_until_closed(sink: HttpSink) -> None:
    sender = HttpSender(settings(sink))
    for body in (b"1", b"2"):
        sender.post(body)
    sender.close()
    sender.post(b"3")
    first, second, third = (request.connection for request in sink.requests)
    assert first == second != third
    sender.close()
    sender.close()


MEANINGS: dict[int, type[DeliveryError]] = {
    302: RetryLaterError,
    400: RejectedError,
    401: UnauthorizedError,
    403: UnauthorizedError,
    404: RetryLaterError,
    408: RetryLaterError,
    413: TooLargeError,
    429: RetryLaterError,
    500: RetryLaterError,
    503: RetryLaterError,
}


@pytest.mark.parametrize("status", MEANINGS)
def test_an_answer_other_than_2xx_is_an_error_after_one_attempt(sink: HttpSink, status: int) -> None:
    sink.answer = lambda _request: Answer(status=status, headers={"Retry-After": "77"}, body=b"because")
    error = failure(HttpSender(settings(sink)))
    assert type(error) is MEANINGS[status]
    assert f"{sink.url}/v1/traces answered {status}" in str(error)
    assert getattr(error, "after_s", 77) == 77
    assert len(sink.requests) == 1


def test_redirects_are_not_followed(sink: HttpSink) -> None:
    sink.script.append(Answer(status=307, headers={"Location": f"{sink.url}/elsewhere"}))
    assert f"set the endpoint to {sink.url}/elsewhere" in str(failure(HttpSender(settings(sink))))
    assert [request.path for request in sink.requests] == ["/v1/traces"]


def test_a_port_where_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1/traces"
        error = failure(HttpSender(HttpSettings(endpoint=url)))
    assert type(error) is RetryLaterError
    assert str(error).startswith(f"{url} cannot be reached: ")
    assert "Connection refused" in str(error)


@pytest.mark.parametrize("answer", [Answer(drop=True), Answer(hang=True)], ids=["dropped", "hung"])
def test_a_connection_that_ends_or_hangs_before_an_answer(sink: HttpSink, answer: Answer) -> None:
    sink.script.append(answer)
    error = failure(HttpSender(settings(sink, timeout_s=0.2)))
    assert type(error) is RetryLaterError
    assert len(sink.requests) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"endpoint": "no address"},
        {"endpoint": "http://[::1/"},
        {"endpoint": "ftp://host/"},
        {"endpoint": "http://host.invalid:99999/"},
        {"headers": {"x-key": f"{KEY}\n"}},
        {"headers": {"x-key": "schlüssel-日本-geheim"}},
        {"headers": {"Authorization": f"Bearer {KEY}-日本"}},
    ],
    ids=str,
)
def test_settings_that_cannot_work_drop_nothing_and_show_nothing(sink: HttpSink, changes: Any) -> None:
    error = failure(HttpSender(settings(sink, **changes)))
    assert type(error) is RetryLaterError
    assert KEY not in str(error)
    assert "geheim" not in str(error)


def test_a_certificate_that_is_not_there_drops_nothing() -> None:
    made = HttpSettings(endpoint="https://127.0.0.1:1/", verify="/not/there.pem")
    assert type(failure(HttpSender(made))) is RetryLaterError


def test_a_broken_tls_handshake_drops_nothing(sink: HttpSink) -> None:
    made = settings(sink, endpoint=sink.url.replace("http://", "https://"))
    assert type(failure(HttpSender(made))) is RetryLaterError


def endless() -> Iterator[bytes]:
    while True:
        yield b"x" * 10_000


@pytest.mark.parametrize("status", [200, 500])
def test_at_most_64_kib_of_a_body_are_read(sink: HttpSink, status: int) -> None:
    sink.script.append(Answer(status=status, chunks=endless))
    sender = HttpSender(settings(sink))
    if status == 200:
        assert len(sender.post(b"body").body) == MAX_BODY == 65_536
    else:
        assert len(str(failure(sender))) < 300
    assert sender.post(b"next").status == 200


def test_a_decompression_bomb_is_not_unpacked(sink: HttpSink) -> None:
    bomb = gzip.compress(bytes(30 << 20))
    assert len(bomb) < MAX_BODY
    sink.script.append(Answer(headers={"Content-Encoding": "gzip"}, body=bomb))
    answer = HttpSender(settings(sink)).post(b"body")
    assert (answer.body, len(answer.content)) == (bomb, MAX_BODY)


def stalling(sink: HttpSink) -> Callable[[], Iterator[bytes]]:
    def chunks() -> Iterator[bytes]:
        yield b"begun"
        sink.released.wait()

    return chunks


def test_a_body_that_stalls_after_200_is_a_success(sink: HttpSink) -> None:
    sink.script.append(Answer(chunks=stalling(sink)))
    answer = HttpSender(settings(sink, timeout_s=0.2)).post(b"body")
    # urllib3 before 2 does not give what came before a read failed.
    assert (answer.status, answer.body) in [(200, b"begun"), (200, b"")]


def dripping(sink: HttpSink) -> Callable[[], Iterator[bytes]]:
    def chunks() -> Iterator[bytes]:
        while not sink.released.wait(0.02):
            yield b"."

    return chunks


def test_a_body_that_drips_for_ever_is_left(sink: HttpSink) -> None:
    sink.script.append(Answer(status=503, chunks=dripping(sink)))
    error = failure(HttpSender(settings(sink, timeout_s=0.2)))
    assert "answered 503: ." in str(error)


SECRETS = {
    "key": {},
    "other header": {"headers": {"x-api-key": KEY}},
    "basic": {"headers": {"Authorization": f"Basic {KEY}"}},
    "bare": {"headers": {"Authorization": KEY}},
}


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("status", [400, 401, 307, 500])
def test_a_key_that_the_server_repeats_is_in_no_message_and_no_log(
    sink: HttpSink, name: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said = f"the key {KEY} is wrong"
    sink.script.append(Answer(status=status, headers={"Location": f"/?k={KEY}"}, body=said.encode()))
    sender = HttpSender(settings(sink, **SECRETS[name]))
    error = failure(sender)
    shown = "".join(traceback.format_exception(error))
    assert KEY not in str(error) + repr(error) + shown + caplog.text + repr(sender)
    assert "[hidden]" in str(error)


def test_what_is_cut_off_a_key_is_in_no_message_either(sink: HttpSink) -> None:
    key = "sk-0123456789abcdefghijklmnopqrstuvwxyz"
    sink.answer = lambda _request: Answer(status=400, body=b"x" * 180 + f" Bearer {key}".encode())
    error = failure(HttpSender(settings(sink, headers={"authorization": f"Bearer {key}"})))
    assert str(error).endswith("x [hidden]")
    sink.answer = lambda _request: Answer(status=400, body=f"no such key: {key[:12]}…".encode())
    assert str(failure(HttpSender(settings(sink, headers={"authorization": f"Bearer {key}"})))).endswith(
        "no such key: [hidden]…"
    )


def test_credentials_in_the_address_are_in_no_message() -> None:
    url = "http://user:hunter22@127.0.0.1:1/v1/traces?token=abcdefgh#part"
    error = failure(HttpSender(HttpSettings(endpoint=url)))
    assert str(error).startswith("http://127.0.0.1:1/v1/traces cannot be reached")
    assert "hunter22" not in str(error)
    assert "abcdefgh" not in str(error)


def test_secrets_are_the_values_of_headers_and_the_credentials_of_the_address() -> None:
    headers = {"authorization": "Bearer key-one key-two", "content-type": "application/json", "x": "short"}
    url = "http://user-name:hunter22@host/a@path?token=abcdefgh&b=c"
    assert set(secrets_of(url, headers.items())) == {
        *("Bearer key-one key-two", "key-one", "key-two"),
        *("user-name:hunter22", "user-name", "hunter22"),
        *("token=abcdefgh&b=c", "abcdefgh"),
    }


ADDRESSES = {
    "https://host/v1/traces": "https://host/v1/traces",
    "https://u:p@host:8443/v1?a=b#c": "https://host:8443/v1",
    "http://[::1]:4318/": "http://[::1]:4318/",
    "nothing": "nothing",
    "http://[::1/": "the endpoint, which is no address,",
    "http://host:bad/": "the endpoint, which is no address,",
}


@pytest.mark.parametrize("url", ADDRESSES)
def test_address_shows_no_credentials(url: str) -> None:
    assert address(url) == ADDRESSES[url]


def test_a_password_of_netrc_does_not_replace_the_key(
    sink: HttpSink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    HttpSender(settings(sink)).post(b"body")
    assert sink.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_certificates_of_the_settings_win_over_those_of_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/bundle.pem")
    made = HttpSettings(endpoint="https://127.0.0.1:1/", verify="/own.pem")
    assert "/own.pem" in str(failure(HttpSender(made)))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_has_connections_of_its_own(sink: HttpSink) -> None:
    sender = HttpSender(settings(sink))
    sender.post(b"parent")
    child = os.fork()
    if child == 0:
        try:
            sender.post(b"child")
            sender.close()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    sender.post(b"parent again")
    parent, of_child, again = (request.connection for request in sink.requests)
    assert [request.body for request in sink.requests] == [b"parent", b"child", b"parent again"]
    assert parent == again != of_child


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_closing_in_a_forked_process_leaves_the_parents_connection(sink: HttpSink) -> None:
    sender = HttpSender(settings(sink))
    sender.post(b"parent")
    child = os.fork()
    if child == 0:
        sender.close()
        os._exit(0)
    os.waitpid(child, 0)
    sender.post(b"parent again")
    assert sink.requests[0].connection == sink.requests[1].connection
