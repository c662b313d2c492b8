"""Operations on files and batches give spans of ids and figures, in every form; other paths give none."""

from typing import Any

import openai
import pytest

from fake_openai import FakeOpenAI, failure, whole
from openai_forms import client_of
from openai_operations import WHOLE, Form, Operation
from span_reading import attribute, told
from spanscore.integrations._endpoint import Description, Request
from spanscore.integrations.openai._operations import id_in, listed, operation
from spanscore.testing import RecordedRecords, recorded_spans

PAGE: dict[str, Any] = {
    "object": "list",
    "data": [{"id": "a", "object": "batch"}, {"id": "b"}, {"id": None}, {}],
    "has_more": True,
    "first_id": "a",
    "last_id": "b",
}
LIST = Operation(of="batches", name="list", arguments={"limit": 4})


@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_a_list_is_told_by_its_ids(form: Form, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(whole(PAGE))
    await form(server.url, LIST)
    assert [received.method for received in server.received] == ["GET"]
    (span,) = recorded.spans
    assert (span.name, attribute(span, "span_attributes")) == ("openai.batches.list", {"type": "function"})
    assert told(span) == {
        "input": None,
        "output": {"ids": ["a", "b"], "has_more": True},
        "metadata": {"provider": "openai"},
        "metrics": None,
    }
    assert [name for name in span.attributes or {} if name.startswith("gen_ai.")] == ["gen_ai.provider.name"]


def test_each_page_is_an_operation(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    pages = [{"object": "list", "data": [{"id": name}], "has_more": True} for name in "ab"]
    server.reply(*map(whole, pages), whole({"object": "list", "data": [], "has_more": False}))
    with client_of(server.url) as client:
        assert [one.id for one in client.batches.list()] == ["a", "b"]
    assert [attribute(span, "output_json")["ids"] for span in recorded.spans] == [["a"], ["b"], []]


@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_an_error_is_recorded(form: Form, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(failure(404, "no such batch"))
    with pytest.raises(openai.NotFoundError, match="no such batch"):
        await form(server.url, Operation(of="batches", name="retrieve", arguments={"batch_id": "batch_1"}))
    (span,) = recorded.spans
    assert told(span) == {
        "input": {"batch_id": "batch_1"},
        "output": None,
        "metadata": {"provider": "openai"},
        "metrics": None,
    }
    assert (span.attributes or {})["error.type"] == "openai.NotFoundError"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/models"),
        ("POST", "/vector_stores/vs_1/files"),
        ("GET", "/vector_stores/vs_1/files"),
        ("GET", "/vector_stores/vs_1/files/file-1"),
        ("GET", "/vector_stores/vs_1/files/file-1/content"),
        ("POST", "/vector_stores/vs_1/file_batches"),
        ("POST", "/vector_stores/vs_1/file_batches/vsfb_1/cancel"),
        ("POST", "/containers/cntr_1/files"),
        ("GET", "/containers/cntr_1/files/cfile_1/content"),
        ("POST", "/uploads"),
        ("POST", "/uploads/upload_1/cancel"),
        ("GET", "/organization/usage/completions"),
        ("GET", "/fine_tuning/jobs"),
    ],
)
def test_what_is_not_recorded(method: str, path: str, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(whole({}))
    with client_of(server.url) as client:
        getattr(client, method.lower())(path, cast_to=object)
    assert [received.path for received in server.received] == [f"/v1{path}"]
    assert recorded.spans == []


def test_nothing_more_is_told_where_all_is_wanted(server: FakeOpenAI) -> None:
    server.reply(whole(PAGE))
    with recorded_spans(capture="all") as recorded, client_of(server.url) as client:
        LIST(client)
    assert attribute(recorded.spans[0], "metadata") == {"provider": "openai"}


@pytest.mark.parametrize(
    ("path", "id"), [("/files/f1", "f1"), ("/files/f1/content", "f1"), ("/batches/b%201?x=/y", "b%201")]
)
def test_id_in(path: str, id: str) -> None:
    assert id_in(Request(body={}, path=path)) == id


@pytest.mark.parametrize("answer", [None, 5, "x", [], {}, {"data": None}, {"data": "x"}])
def test_a_page_that_says_nothing(answer: Any) -> None:
    assert listed(answer) == {}


def test_what_says_nothing_is_left_out() -> None:
    silent = operation("GET", "/silence", "silence", asked=lambda _: {}, answered=lambda _: {})
    assert silent.request(Request(body={})) == silent.response(None) == Description()
