"""The bytes that records refer to: after the records, a few at once, never for ever."""

import json
import logging
import os
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from fake_braintrust import FakeBraintrust
from finished_spans import finished
from http_sink import Answer, Request
from media import JPEG, PNG, key, reference
from spanscore._json import JsonText, to_json
from spanscore.attachments import AttachmentFolder
from spanscore.delivery._braintrust import BraintrustDestination
from spanscore.delivery._ledger import Ledger
from spanscore.delivery._uploads import RETRIES
from spanscore.errors import RetryLaterError
from spanscore.wire.records import RowUpdate
from spanscore.wire.seams import Receipt

pytestmark = pytest.mark.core

POSTED = ["POST /otel/v1/traces"]
LOGGED_IN = ["POST /api/apikey/login"]
UPLOADED = ["POST /attachment", "PUT ", "POST /attachment/status"]


@pytest.fixture
def server() -> Iterator[FakeBraintrust]:
    with FakeBraintrust() as each:
        yield each


@pytest.fixture
def folder(tmp_path: Path) -> AttachmentFolder:
    return AttachmentFolder(tmp_path / "attachments", max_bytes=1 << 30, max_age_s=600)


@pytest.fixture
def destination(
    server: FakeBraintrust, folder: AttachmentFolder, tmp_path: Path
) -> Iterator[BraintrustDestination]:
    settings = server.settings(tmp_path)
    made = BraintrustDestination(settings, attachments=folder, ledger=Ledger(tmp_path))
    yield made
    made.close()


def about(content: bytes, filename: str = "a.png") -> JsonText:
    return to_json([reference(content, "image/png", filename)])


def span(content: bytes = PNG, where: str = "braintrust.input_json", **more: Any) -> Any:
    return finished({where: about(content), **more})


def losses(tmp_path: Path) -> dict[str, int]:
    totals = Ledger(tmp_path).totals()
    return {reason: count for reasons in totals.values() for reason, count in reasons.items()}


def test_item_77_rows_come_first_then_their_bytes(
    server: FakeBraintrust, folder: AttachmentFolder, destination: BraintrustDestination
) -> None:
    folder.put(PNG)
    assert destination.deliver([span(), span()]) == Receipt()
    assert server.paths() == [*POSTED, *LOGGED_IN, *UPLOADED]
    assert server.stored == {key(PNG): PNG}
    assert server.statuses == {key(PNG): {"upload_status": "done"}}


@pytest.mark.parametrize(
    "where",
    ["braintrust.input_json", "braintrust.output_json", "braintrust.expected_json", "braintrust.metadata"],
)
def test_references_are_found_wherever_a_value_is_logged(
    server: FakeBraintrust, folder: AttachmentFolder, destination: BraintrustDestination, where: str
) -> None:
    folder.put(PNG)
    destination.deliver([span(where=where)])
    assert server.stored == {key(PNG): PNG}


def test_updates_of_rows_bring_their_bytes_too(
    server: FakeBraintrust, folder: AttachmentFolder, destination: BraintrustDestination
) -> None:
    folder.put(PNG)
    parent = "experiment_id:e1"
    destination.deliver([RowUpdate(parent=parent, trace_id=1, span_id=1, fields={"output": about(PNG)})])
    assert server.paths() == ["POST /logs3", *LOGGED_IN, *UPLOADED]


def test_what_was_uploaded_is_not_uploaded_again_by_this_process(
    server: FakeBraintrust, folder: AttachmentFolder, destination: BraintrustDestination
) -> None:
    folder.put(PNG)
    for _ in range(3):
        destination.deliver([span()])
    assert server.paths() == [*POSTED, *LOGGED_IN, *UPLOADED, *POSTED, *POSTED]


def test_bytes_that_are_not_here_came_from_elsewhere(
    server: FakeBraintrust, destination: BraintrustDestination, tmp_path: Path
) -> None:
    assert destination.deliver([span()]) == Receipt()
    assert server.paths() == [*POSTED, *LOGGED_IN]
    assert losses(tmp_path) == {}


TRICKS: list[dict[str, Any]] = [
    {"key": "../../secret"},
    {"key": "/etc/hostname"},
    {"key": None},
    {"key": key(PNG), "filename": ["a"]},
    {"key": key(PNG), "content_type": None},
]


@pytest.mark.parametrize("trick", TRICKS, ids=str)
def test_what_is_no_reference_of_ours_sends_nothing(
    server: FakeBraintrust,
    folder: AttachmentFolder,
    destination: BraintrustDestination,
    tmp_path: Path,
    trick: dict[str, Any],
) -> None:
    folder.put(PNG)
    (tmp_path / "secret").write_text("secret")
    value = {**reference(PNG, "image/png", "a.png"), **trick}
    destination.deliver([finished({"braintrust.input_json": to_json([value])})])
    assert server.paths() == POSTED


def test_external_attachments_make_no_request(
    server: FakeBraintrust, destination: BraintrustDestination
) -> None:
    value = {"type": "external_attachment", "url": "s3://b/a", "filename": "a", "content_type": "b/c"}
    destination.deliver([finished({"braintrust.input_json": to_json([value])})])
    assert server.paths() == POSTED


def failing(times: int, status: int = 503) -> Any:
    """Answers that many requests for a place to put bytes with that status."""
    left = iter(range(times))

    def before(request: Request) -> Answer | None:
        is_asked = request.path == "/attachment"
        return Answer(status=status) if is_asked and next(left, None) is not None else None

    return before


def attempts(destination: BraintrustDestination, records: list[Any]) -> tuple[list[float | None], Receipt]:
    """The waits that were asked for until the records were taken."""
    waits: list[float | None] = []
    while True:
        with suppress(RetryLaterError), noting(waits):
            return waits, destination.deliver(records)


@contextmanager
def noting(waits: list[float | None]) -> Generator[None]:
    try:
        yield
    except RetryLaterError as error:
        waits.append(error.after_s)
        raise


def test_item_74_it_is_tried_again_after_waits_that_double(
    server: FakeBraintrust, folder: AttachmentFolder, destination: BraintrustDestination, tmp_path: Path
) -> None:
    folder.put(PNG)
    server.before = failing(RETRIES)
    waits, receipt = attempts(destination, [span()])
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]
    assert receipt == Receipt()
    assert server.stored == {key(PNG): PNG}
    assert len(server.asked("/otel/v1/traces")) == 1
    assert losses(tmp_path) == {}


def test_item_74_after_eight_retries_it_is_given_up_told_and_counted(
    server: FakeBraintrust,
    folder: AttachmentFolder,
    destination: BraintrustDestination,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder.put(PNG)
    server.before = failing(100)
    with caplog.at_level(logging.WARNING):
        waits, receipt = attempts(destination, [span()])
    assert (len(waits), receipt) == (RETRIES, Receipt())
    assert len(server.asked("/attachment")) == RETRIES + 1
    assert server.statuses[key(PNG)]["upload_status"] == "error"
    assert "answered 503" in server.statuses[key(PNG)]["error_message"]
    assert losses(tmp_path) == {"attachment_failed": 1}
    assert "the attachment a.png" in caplog.text
    # Nothing behind it waits.
    server.before = lambda _request: None
    folder.put(JPEG)
    assert destination.deliver([span(JPEG)]) == Receipt()
    assert server.stored == {key(JPEG): JPEG}


def test_item_74_what_is_refused_is_not_tried_again(
    server: FakeBraintrust, folder: AttachmentFolder, destination: BraintrustDestination, tmp_path: Path
) -> None:
    folder.put(PNG)
    server.before = failing(1, status=400)
    assert attempts(destination, [span()]) == ([], Receipt())
    assert losses(tmp_path) == {"attachment_failed": 1}


def test_a_network_that_is_cut_in_the_middle_of_the_bytes(
    server: FakeBraintrust, folder: AttachmentFolder, destination: BraintrustDestination
) -> None:
    content = os.urandom(3_000_000)
    folder.put(content)
    cuts = iter((Answer(drop=True), Answer(status=500), Answer(drop=True)))
    server.before = lambda request: next(cuts, None) if request.method == "PUT" else None
    waits, _ = attempts(destination, [span(content)])
    assert waits == [0.5, 1.0, 2.0]
    assert server.stored == {key(content): content}


def test_of_several_only_those_that_failed_are_tried_again(
    server: FakeBraintrust, folder: AttachmentFolder, destination: BraintrustDestination
) -> None:
    contents = [bytes([number]) * 30 for number in range(10)]
    for content in contents:
        folder.put(content)
    server.before = failing(1)
    waits, _ = attempts(destination, [span(content) for content in contents])
    assert waits == [0.5]
    assert server.stored == {key(content): content for content in contents}
    assert len(server.asked("/attachment")) == 11


def test_a_login_that_fails_is_asked_once_an_attempt_and_holds_nothing_up_for_ever(
    server: FakeBraintrust, folder: AttachmentFolder, destination: BraintrustDestination, tmp_path: Path
) -> None:
    for content in (PNG, JPEG):
        folder.put(content)
    server.before = lambda request: Answer(status=401) if "login" in request.path else None
    assert attempts(destination, [span(PNG), span(JPEG)])[0] == []
    # Once for both, and once for each status that cannot be told either.
    assert len(server.asked("/api/apikey/login")) == 3
    assert losses(tmp_path) == {"attachment_failed": 2}


def test_item_76_a_few_are_under_way_at_once(
    server: FakeBraintrust, folder: AttachmentFolder, destination: BraintrustDestination
) -> None:
    contents = [bytes([number]) * 30 for number in range(12)]
    for content in contents:
        folder.put(content)
    # Four wait for each other: fewer would wait for ever, and a fifth would be one too many.
    together = threading.Barrier(4, timeout=30)
    under_way: set[int] = set()
    most: list[int] = []

    def before(request: Request) -> Answer | None:
        if request.method == "PUT":
            under_way.add(request.connection)
            most.append(len(under_way))
            together.wait()
            under_way.discard(request.connection)
        return None

    server.before = before
    destination.deliver([span(content) for content in contents])
    assert len(server.stored) == 12
    assert max(most) == 4


def test_names_tell_the_same_bytes_apart(
    server: FakeBraintrust, folder: AttachmentFolder, destination: BraintrustDestination
) -> None:
    folder.put(PNG)
    value = to_json([reference(PNG, "image/png", name) for name in ("a.png", "b.png", "a.png")])
    destination.deliver([finished({"braintrust.input_json": value})])
    named = sorted(json.loads(request.body)["filename"] for request in server.asked("/attachment"))
    assert named == ["a.png", "b.png"]


def test_a_file_that_cannot_be_read_is_lost_alone(
    server: FakeBraintrust,
    folder: AttachmentFolder,
    destination: BraintrustDestination,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder.put(PNG)
    folder.put(JPEG)
    broken = tmp_path / "gone"
    real = AttachmentFolder.path
    monkeypatch.setattr(
        AttachmentFolder, "path", lambda self, name: broken if name == key(PNG) else real(self, name)
    )
    assert attempts(destination, [span(PNG), span(JPEG)]) == ([], Receipt())
    assert server.stored == {key(JPEG): JPEG}
    assert losses(tmp_path) == {"attachment_failed": 1}
