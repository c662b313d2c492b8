"""`invoke` and `init_function` over a real socket."""

import json
from pathlib import Path
from typing import Any

import pytest

import spanscore
from http_sink import Answer, HttpSink, Request
from spanscore.errors import ConfigError, InvokeError

pytestmark = pytest.mark.core


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    with HttpSink() as sink:
        monkeypatch.setenv("SPANSCORE_HOME", str(tmp_path))
        monkeypatch.setenv("BRAINTRUST_API_URL", sink.url)
        monkeypatch.setenv("BRAINTRUST_API_KEY", "sk-1")
        sink.answer = lambda _request: Answer(body=b'"done"')
        yield sink


def body(request: Request) -> dict[str, Any]:
    return json.loads(request.body)


def test_a_function_is_called_with_what_it_is_given(server: HttpSink) -> None:
    assert (
        spanscore.invoke(project_name="bot", slug="fn", input={"a": 1}, tags=["t"], parent="slug") == "done"
    )
    assert body(server.requests[0]) == {
        "input": {"a": 1},
        "metadata": None,
        "tags": ["t"],
        "parent": "slug",
        "stream": False,
        "api_version": 1,
        "project_name": "bot",
        "slug": "fn",
    }


def test_the_project_of_a_function_by_id_is_where_it_runs(server: HttpSink) -> None:
    spanscore.invoke("f1", version="7", project_id="p1")
    request = server.requests[0]
    sent = body(request)
    assert (
        sent["function_id"],
        sent["version"],
        "project_id" in sent,
        request.headers["x-bt-project-id"],
    ) == (
        "f1",
        "7",
        False,
        "p1",
    )


def test_a_stream_gives_its_pieces_and_its_value(server: HttpSink) -> None:
    events = b'event: start\ndata: {}\n\nevent: text_delta\ndata: "Hel"\n\nevent: text_delta\ndata: "lo"\n\n'
    server.answer = lambda _request: Answer(body=events + b"event: done\ndata:\n\n")
    stream = spanscore.invoke("f1", stream=True)
    copy = stream.copy()
    assert ([chunk.data for chunk in stream], copy.final_value()) == (["Hel", "lo"], "Hello")


def test_what_the_function_failed_with_is_the_error(server: HttpSink) -> None:
    server.answer = lambda _request: Answer(status=500, body=b"KeyError: 'q'")
    with pytest.raises(InvokeError, match="answered 500: KeyError: 'q'"):
        spanscore.invoke("f1")


async def test_it_can_be_awaited(server: HttpSink) -> None:
    assert await spanscore.invoke_async(slug="fn", project_name="bot") == "done"


def test_no_function_is_an_error_at_once() -> None:
    with pytest.raises(ConfigError, match="no function is named"):
        spanscore.invoke(slug="fn")
    with pytest.raises(ConfigError, match="no function is named"):
        spanscore.init_function("bot")


def test_a_hosted_function_is_task_and_scorer_of_an_eval(server: HttpSink) -> None:
    server.answer = lambda request: Answer(body=b"1" if body(request)["slug"] == "judge" else b'"Hi Ada"')
    spanscore.setup(destinations=["local"])
    task = spanscore.init_function("bot", "greet")
    judge = spanscore.init_function("judge", project="bot", version="7")
    data = [{"input": "Ada", "expected": "Hi Ada"}]
    result = spanscore.Eval("hosted", data, task, [judge], quiet=True)
    assert [(each.output, dict(each.scores), each.error) for each in result.results] == [
        ("Hi Ada", {"judge": 1.0}, None)
    ]
    first, second = map(body, server.requests)
    given = second["input"]
    reference = given.pop("trace")["trace_ref"]
    assert (first["input"], first["parent"], second["version"]) == ("Ada", "", "7")
    assert given == {
        "input": "Ada",
        "output": "Hi Ada",
        "expected": "Hi Ada",
        "metadata": {},
        "tags": [],
        "id": None,
    }
    assert reference["object_type"] == "experiment"


def test_the_version_of_an_environment_is_looked_up_once(server: HttpSink) -> None:
    def answer(request: Request) -> Answer:
        if request.method == "GET":
            return Answer(body=b'{"objects":[{"id":"f9","_xact_id":"77"}]}')
        return Answer(body=b"1")

    server.answer = answer
    function = spanscore.init_function("bot", "judge", environment="live")
    assert (function("a"), function("b")) == (1, 1)
    lookup, *calls = server.requests
    assert lookup.path == "/v1/function?project_name=bot&slug=judge&environment=live"
    assert [(body(call)["function_id"], body(call)["version"]) for call in calls] == [
        ("f9", "77"),
        ("f9", "77"),
    ]


def test_spans_below_a_call_are_told_of_only_where_braintrust_has_the_parent(server: HttpSink) -> None:
    spanscore.setup(destinations=["local"])
    logger = spanscore.init_logger("bot")
    with logger.start_span("local"):
        spanscore.invoke("f1")
    spanscore.setup(destinations=["braintrust"])
    with spanscore.init_logger("bot").start_span("sent") as span:
        spanscore.invoke("f1")
        exported = span.export()
    calls = [body(request)["parent"] for request in server.requests if request.path == "/function/invoke"]
    assert calls == ["", exported]
