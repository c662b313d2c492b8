"""Operations on files say names, purposes and sizes; what is in the files stays out, whatever is wanted."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from fake_openai import FakeOpenAI, Reply, whole
from openai_forms import client_of
from openai_operations import WHOLE, Form, Operation
from span_reading import attribute, told
from spanscore.integrations import _reading
from spanscore.integrations.openai import _files
from spanscore.integrations.openai._files import FILES
from spanscore.testing import RecordedRecords, recorded_spans

SECRET = b'{"custom_id": "1", "body": "nobody may read this"}\n'
FILE: dict[str, Any] = {
    "id": "file-1",
    "object": "file",
    "bytes": len(SECRET),
    "created_at": 1,
    "filename": "batch.jsonl",
    "purpose": "batch",
    "status": "processed",
}
TOLD_FILE = {name: FILE[name] for name in ("id", "filename", "purpose", "bytes", "status")}
DELETED = {"id": "file-1", "object": "file", "deleted": True}
ONE = {"file_id": "file-1"}
JSONL = {"filename": "batch.jsonl", "bytes": len(SECRET)}
"""Whether the type of such a file is known depends on the machine."""

UPLOADS: dict[str, tuple[Any, dict[str, Any]]] = {
    "bytes": (SECRET, {"bytes": len(SECRET)}),
    "name and bytes": (("a.txt", SECRET), {"filename": "a.txt", "content_type": "text/plain", "bytes": 51}),
    "name, bytes and type": (
        ("a.jsonl", SECRET, "application/jsonl"),
        {"filename": "a.jsonl", "content_type": "application/jsonl", "bytes": 51},
    ),
    "in memory": (io.BytesIO(SECRET), {"bytes": 51}),
}


@pytest.mark.parametrize("upload", UPLOADS)
@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_an_upload(form: Form, upload: str, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    file, told_upload = UPLOADS[upload]
    server.reply(whole(FILE))
    await form(server.url, Operation(of="files", arguments={"file": file, "purpose": "batch"}))
    assert server.received[0].body == {"purpose": "batch", "file": SECRET}
    (span,) = recorded.spans
    assert (span.name, attribute(span, "span_attributes")) == ("openai.files.create", {"type": "function"})
    assert told(span) == {
        "input": {"purpose": "batch", "file": told_upload},
        "output": TOLD_FILE,
        "metadata": {"provider": "openai"},
        "metrics": None,
    }


@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_an_upload_of_a_file_on_disk(
    form: Form, server: FakeOpenAI, recorded: RecordedRecords, tmp_path: Path
) -> None:
    path = tmp_path / "batch.txt"
    path.write_bytes(SECRET)
    server.reply(whole(FILE), whole(FILE))
    with path.open("rb") as file:
        await form(server.url, Operation(of="files", arguments={"file": file, "purpose": "batch"}))
    await form(server.url, Operation(of="files", arguments={"file": path, "purpose": "batch"}))
    assert [received.body["file"] for received in server.received] == [SECRET, SECRET]
    told_upload = {"filename": "batch.txt", "content_type": "text/plain", "bytes": 51}
    assert [attribute(span, "input_json")["file"] for span in recorded.spans] == [told_upload, told_upload]


@pytest.mark.parametrize(
    ("name", "answer", "output"),
    [("retrieve", FILE, TOLD_FILE), ("delete", DELETED, {"id": "file-1", "deleted": True})],
)
@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_one_file(
    form: Form,
    name: str,
    answer: dict[str, Any],
    output: dict[str, Any],
    server: FakeOpenAI,
    recorded: RecordedRecords,
) -> None:
    server.reply(whole(answer))
    await form(server.url, Operation(of="files", name=name, arguments=ONE))
    (span,) = recorded.spans
    assert (span.name, attribute(span, "input_json"), attribute(span, "output_json")) == (
        f"openai.files.{name}",
        ONE,
        output,
    )


CONTENT = Operation(of="files", name="content", arguments=ONE)


@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_the_content_of_a_file_is_told_by_its_size(form: Form, server: FakeOpenAI) -> None:
    server.reply(Reply(content_type="application/octet-stream", binary=SECRET))
    with recorded_spans(capture="all") as recorded:
        assert await form(server.url, CONTENT) == SECRET
    (span,) = recorded.spans
    assert (span.name, told(span)) == (
        "openai.files.content",
        {"input": ONE, "output": {"bytes": 51}, "metadata": {"provider": "openai"}, "metrics": None},
    )
    assert "nobody" not in json.dumps(dict(span.attributes or {}))


def test_the_content_as_text(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(Reply(content_type="text/plain; charset=utf-8", body="größer"))
    with client_of(server.url) as client:
        assert client.get("/files/file-1/content", cast_to=str) == "größer"
    assert attribute(recorded.spans[0], "output_json") == {"bytes": 8}


def test_a_size_that_is_not_known_is_not_told(
    server: FakeOpenAI, recorded: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (_reading, _files):
        monkeypatch.setattr(module, "BODY_LIMIT", 10)
    server.reply(Reply(content_type="application/octet-stream", binary=SECRET))
    with client_of(server.url) as client, CONTENT(client, "with_streaming_response") as response:
        assert b"".join(response.iter_bytes()) == SECRET
    assert [(span.name, attribute(span, "output_json")) for span in recorded.spans] == [
        ("openai.files.content", None)
    ]


def test_content_that_nobody_reads(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(Reply(content_type="application/octet-stream", binary=SECRET))
    with client_of(server.url) as client, CONTENT(client, "with_streaming_response"):
        pass
    assert [attribute(span, "output_json") for span in recorded.spans] == [None]


@pytest.mark.parametrize("answer", [None, 5, [], {}, {"id": None, "bytes": None}])
def test_an_answer_that_says_nothing(answer: Any) -> None:
    assert [endpoint.response(answer).output for endpoint in FILES] == [None] * 5
