"""The three steps of an upload, and the two of a download, over a real socket."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fake_braintrust import KEY, SIGNATURE, FakeBraintrust
from http_sink import Answer
from media import PNG, key
from spanscore.delivery._attachment_api import AttachmentApi
from spanscore.errors import DeliveryError, NotFoundError, RejectedError, RetryLaterError
from spanscore.wire.attachments import Reference

pytestmark = pytest.mark.core

REFERENCE = Reference(key=key(PNG), filename="a.png", content_type="image/png")


@pytest.fixture
def server() -> Iterator[FakeBraintrust]:
    with FakeBraintrust() as each:
        yield each


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(PNG)
    return path


def api(server: FakeBraintrust, tmp_path: Path, **changes: Any) -> AttachmentApi:
    return AttachmentApi(server.settings(tmp_path, **changes), headers={"X-Team": "blue"})


def test_item_72_an_upload_has_three_steps(server: FakeBraintrust, tmp_path: Path, file: Path) -> None:
    with api(server, tmp_path) as made:
        made.upload(REFERENCE, file, KEY)
    assert server.paths() == [
        "POST /api/apikey/login",
        "POST /attachment",
        "PUT ",
        "POST /attachment/status",
    ]
    (asked,), (told,) = server.asked("/attachment"), server.asked("/attachment/status")
    assert json.loads(asked.body) == {
        "key": REFERENCE.key,
        "filename": "a.png",
        "content_type": "image/png",
        "org_id": "org-1",
    }
    assert json.loads(told.body) == {
        "key": REFERENCE.key,
        "org_id": "org-1",
        "status": {"upload_status": "done"},
    }
    assert server.stored == {REFERENCE.key: PNG}
    assert [each.headers["authorization"] for each in (asked, told)] == [f"Bearer {KEY}"] * 2
    assert asked.headers["x-team"] == "blue"


def test_item_72_the_bytes_go_with_the_headers_that_were_given_and_no_others(
    server: FakeBraintrust, tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password never-to-be-seen\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with api(server, tmp_path) as made:
        made.upload(REFERENCE, file, KEY)
    (put,) = [request for request in server.requests if request.method == "PUT"]
    of_http = {"host", "user-agent", "accept", "accept-encoding", "connection", "content-length"}
    assert {name: value for name, value in put.headers.items() if name not in of_http} == {
        "x-stored-as": "blob"
    }
    assert put.headers["content-length"] == str(len(PNG))


@pytest.mark.parametrize("host", ["acct.blob.core.windows.net", "example.com"])
def test_item_72_azure_is_told_the_kind_of_blob(
    server: FakeBraintrust, tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """The name leads nowhere: a proxy on loopback is asked for it."""
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    address = f"http://{host}/blob/{REFERENCE.key}"

    def before(request: Any) -> Answer | None:
        if request.path == "/attachment":
            return Answer(body=json.dumps({"signedUrl": address, "headers": {}}).encode())
        return Answer() if request.method == "PUT" else None

    server.before = before
    with api(server, tmp_path) as made:
        made.upload(REFERENCE, file, KEY)
    (put,) = [request for request in server.requests if request.method == "PUT"]
    assert (put.path, put.body) == (address, PNG)
    assert put.headers.get("x-ms-blob-type") == ("BlockBlob" if "windows" in host else None)


def test_an_empty_file_is_sent_with_its_length(server: FakeBraintrust, tmp_path: Path, file: Path) -> None:
    file.write_bytes(b"")
    with api(server, tmp_path) as made:
        made.upload(REFERENCE, file, KEY)
    (put,) = [request for request in server.requests if request.method == "PUT"]
    assert put.headers["content-length"] == "0"
    assert "transfer-encoding" not in put.headers


def test_item_72_a_failure_is_told(server: FakeBraintrust, tmp_path: Path) -> None:
    with api(server, tmp_path) as made:
        made.fail(REFERENCE, "the file is gone", KEY)
    assert server.statuses == {REFERENCE.key: {"upload_status": "error", "error_message": "the file is gone"}}


def test_item_73_the_organisation_is_asked_for_once(
    server: FakeBraintrust, tmp_path: Path, file: Path
) -> None:
    made = api(server, tmp_path)

    def upload() -> None:
        made.upload(REFERENCE, file, KEY)
        made.close()

    threads = [threading.Thread(target=upload) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.asked("/attachment/status")) == 6
    assert len(server.asked("/api/apikey/login")) == 1
    server.keys.add("another key")
    made.log_in("another key")
    made.close()
    assert len(server.asked("/api/apikey/login")) == 2


def test_item_73_it_is_the_one_of_that_name(server: FakeBraintrust, tmp_path: Path, file: Path) -> None:
    with api(server, tmp_path, org_name="second") as made:
        made.upload(REFERENCE, file, KEY)
    assert json.loads(server.asked("/attachment")[0].body)["org_id"] == "org-2"


def test_an_organisation_that_is_not_there_is_named(server: FakeBraintrust, tmp_path: Path) -> None:
    with (
        api(server, tmp_path, org_name="third") as made,
        pytest.raises(RejectedError, match="called 'third'"),
    ):
        made.log_in(KEY)


STEPS = ("/api/apikey/login", "/attachment", "PUT", "/attachment/status")
ANSWERS: dict[str, tuple[Answer, type[DeliveryError]]] = {
    "500": (Answer(status=500), RetryLaterError),
    "503": (Answer(status=503, body=b"busy"), RetryLaterError),
    "429": (Answer(status=429), RetryLaterError),
    "no answer": (Answer(drop=True), RetryLaterError),
    "400": (Answer(status=400, body=b"no such thing"), RejectedError),
    "401": (Answer(status=401), RejectedError),
    "404": (Answer(status=404), RejectedError),
    "302": (Answer(status=302, headers={"location": "http://elsewhere/"}), RejectedError),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("answer", ANSWERS)
def test_item_74_only_what_passes_is_worth_another_attempt(
    server: FakeBraintrust, tmp_path: Path, file: Path, step: str, answer: str
) -> None:
    given, kind = ANSWERS[answer]
    server.before = lambda request: given if step in (request.method, request.path) else None
    with api(server, tmp_path) as made, pytest.raises(kind) as caught:
        made.upload(REFERENCE, file, KEY)
    assert KEY not in str(caught.value)
    assert SIGNATURE not in str(caught.value)


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b'{"headers":{}}', b'{"signedUrl":7}'])
def test_an_answer_without_an_address_is_final(
    server: FakeBraintrust, tmp_path: Path, file: Path, body: bytes
) -> None:
    server.before = lambda request: Answer(body=body) if request.path == "/attachment" else None
    with api(server, tmp_path) as made, pytest.raises(RejectedError, match="named no address"):
        made.upload(REFERENCE, file, KEY)


def test_bytes_are_downloaded_whole_without_the_key(server: FakeBraintrust, tmp_path: Path) -> None:
    content = PNG * 5_000
    server.stored[REFERENCE.key] = content
    server.statuses[REFERENCE.key] = {"upload_status": "done"}
    with api(server, tmp_path) as made:
        assert made.download(REFERENCE.as_json()) == content
    asked, got = server.requests[-2:]
    assert asked.path == (
        f"/attachment?key={REFERENCE.key}&filename=a.png&content_type=image%2Fpng&org_id=org-1"
    )
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert "authorization" not in got.headers


def test_bytes_that_are_not_there_yet_are_not_found(server: FakeBraintrust, tmp_path: Path) -> None:
    with api(server, tmp_path) as made:
        with pytest.raises(NotFoundError, match=r"are not there \(uploading\): try again later"):
            made.download(REFERENCE.as_json())
        server.statuses[REFERENCE.key] = {"upload_status": "error", "error_message": "the file is gone"}
        with pytest.raises(NotFoundError, match=r"\(error\): the file is gone"):
            made.download(REFERENCE.as_json())


def test_a_download_that_is_cut_is_an_error(server: FakeBraintrust, tmp_path: Path) -> None:
    server.statuses[REFERENCE.key] = {"upload_status": "done"}
    cut = Answer(headers={"content-length": "1000"}, body=b"half", keep=False)

    server.before = lambda request: cut if "/blob/" in request.path else None
    with api(server, tmp_path) as made, pytest.raises(RetryLaterError):
        made.download(REFERENCE.as_json())
