"""A response is one span that tells what was asked and answered, however it is called for and fetched."""

import gc
import json
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from openai.resources.responses import Responses
from openai.types.responses import Response
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from fake_openai import FakeOpenAI, Json, failure, whole
from fake_responses import ITEMS, USAGE, message, named, response, response_events, streamed_response
from openai_forms import RESPONDED, RESPONSE_STREAMED, async_client_of, client_of, collected, delta_of
from span_reading import attribute, told
from spanscore.integrations._endpoint import Description, Request
from spanscore.integrations._plain import plain
from spanscore.integrations.openai._responses import RESPONSES
from spanscore.testing import RecordedRecords, recorded_spans

CREATE, RETRIEVE, CANCEL, COMPACT, COUNT = RESPONSES
MODEL = "gpt-4o-mini-2024-07-18"
TEXT = '{"n": 1}'
ANSWER = response(message(TEXT))
TOKENS = {
    "tokens": 12,
    "prompt_tokens": 5,
    "completion_tokens": 7,
    "prompt_cached_tokens": 3,
    "prompt_cache_creation_tokens": 0,
    "completion_reasoning_tokens": 2,
}
TOLD: dict[str, Any] = {
    "input": "hi",
    "output": ANSWER["output"],
    "metadata": {"provider": "openai", "model": MODEL},
    "metrics": TOKENS,
}
TOLD_STREAMED = {**TOLD, "metrics": {**TOKENS, "time_to_first_token": True}}


def names(spans: list[ReadableSpan]) -> list[str]:
    return [span.name for span in spans]


def format_sent(server: FakeOpenAI) -> Json:
    """`parse()` and the stream helper send the format of their class, which then belongs to the metadata."""
    sent = server.received[0].body.get("text", {}).get("format")
    if sent is None:
        return {}
    schema = {name: sent[name] for name in ("name", "strict", "schema")}
    return {"response_format": {"type": "json_schema", "json_schema": schema}}


@pytest.mark.parametrize("form", RESPONDED.values(), ids=RESPONDED.keys())
async def test_a_whole_response_is_told(form: Any, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(whole(ANSWER))
    assert await form(server.url) in (TEXT, json.dumps(ANSWER))
    expected = {**TOLD, "metadata": {**TOLD["metadata"], **format_sent(server)}}
    assert [(span.name, told(span)) for span in recorded.spans] == [("openai.responses.create", expected)]


@pytest.mark.parametrize("form", RESPONSE_STREAMED.values(), ids=RESPONSE_STREAMED.keys())
async def test_a_streamed_response_is_told_like_a_whole_one(
    form: Any, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    reply = streamed_response(ANSWER)
    server.reply(reply)
    assert await form(server.url) in (TEXT, reply.body.replace("\n", ""))
    expected = {**TOLD_STREAMED, "metadata": {**TOLD["metadata"], **format_sent(server)}}
    assert [(span.name, told(span)) for span in recorded.spans] == [("openai.responses.create", expected)]


@pytest.mark.parametrize(
    "form", [*RESPONDED.values(), *RESPONSE_STREAMED.values()], ids=[*RESPONDED, *RESPONSE_STREAMED]
)
async def test_an_error_of_the_api_is_raised_and_recorded(
    form: Any, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(failure(404, "no such model"))
    with pytest.raises(openai.NotFoundError, match="no such model"):
        await form(server.url)
    (span,) = recorded.spans
    assert (attribute(span, "input_json"), attribute(span, "output_json")) == ("hi", None)
    assert (span.attributes or {})["error.type"] == "openai.NotFoundError"
    assert (span.attributes or {})["http.response.status_code"] == 404
    assert span.status.status_code is StatusCode.ERROR


def test_items_of_every_type_are_told_as_they_were_received(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    answer = response(*ITEMS, {"type": "invention", "id": "in_1", "new": [1]})
    server.reply(whole(answer), streamed_response(response(*ITEMS)))
    with client_of(server.url) as client:
        client.responses.create(model="m", input="hi")
        list(client.responses.create(model="m", input="hi", stream=True))
    first, second = (attribute(span, "output_json") for span in recorded.spans)
    assert first == answer["output"]
    assert second == list(ITEMS)


def test_what_parse_adds_is_not_told(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    call = {**ITEMS[9], "arguments": '{"n": 1}'}
    server.reply(whole(response(message(TEXT), call)))
    with client_of(server.url) as client:
        parsed = client.responses.parse(
            model="m",
            input="hi",
            tools=[{"type": "function", "name": "weather", "strict": True, "parameters": {}}],
        )
    assert parsed.output[1].to_dict()["parsed_arguments"] == {"n": 1}
    assert attribute(recorded.spans[0], "output_json") == [message(TEXT), call]


SYSTEM = {"role": "system", "content": "Be brief."}
USER = {"role": "user", "content": "hi"}


@pytest.mark.parametrize(
    ("sent", "input_told"),
    [
        ({"input": "hi"}, "hi"),
        ({"input": [USER]}, [USER]),
        ({"input": "hi", "instructions": "Be brief."}, [SYSTEM, USER]),
        ({"input": [USER, *ITEMS[:1]], "instructions": "Be brief."}, [SYSTEM, USER, *ITEMS[:1]]),
        ({"instructions": "Be brief."}, [SYSTEM]),
        ({"input": None, "instructions": None}, None),
        ({}, None),
    ],
)
def test_instructions_are_a_message_before_the_input(sent: Json, input_told: Any) -> None:
    assert CREATE.request(Request(body=sent)).input == input_told
    assert COMPACT.request(Request(body=sent)).input == input_told


def test_request() -> None:
    function = {"name": "weather", "parameters": {"type": "object"}, "strict": True}
    schema = {"name": "answer", "schema": {"type": "object"}, "strict": True}
    body = {
        "model": "gpt-4o-mini",
        "input": "hi",
        "tools": [{"type": "function", **function}, {"type": "web_search"}],
        "tool_choice": {"type": "function", "name": "weather"},
        "parallel_tool_calls": False,
        "max_tool_calls": 2,
        "temperature": 0.5,
        "top_p": 0.9,
        "max_output_tokens": 99,
        "text": {"format": {"type": "json_schema", **schema}, "verbosity": "low"},
        "previous_response_id": "resp_0",
        "reasoning": {"effort": "low"},
        "store": False,
        "prompt": {"id": "pmpt_1"},
    }
    assert CREATE.request(Request(body=body)) == Description(
        input="hi",
        metadata={
            "model": "gpt-4o-mini",
            "tools": [{"type": "function", "function": function}, {"type": "web_search"}],
            "tool_choice": {"type": "function", "function": {"name": "weather"}},
            "parallel_tool_calls": False,
            "max_tool_calls": 2,
            "temperature": 0.5,
            "top_p": 0.9,
            "response_format": {"type": "json_schema", "json_schema": schema},
        },
        more={
            "max_output_tokens": 99,
            "previous_response_id": "resp_0",
            "reasoning": {"effort": "low"},
            "store": False,
            "request.prompt": {"id": "pmpt_1"},
            "text": {"verbosity": "low"},
        },
        attributes={
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": "gpt-4o-mini",
            "gen_ai.request.temperature": 0.5,
            "gen_ai.request.top_p": 0.9,
            "gen_ai.request.max_tokens": 99,
        },
    )


@pytest.mark.parametrize("form", [{"type": "text"}, {"type": "json_object"}, "text", 5])
def test_a_format_without_a_schema_is_told_as_sent(form: Any) -> None:
    metadata = CREATE.request(Request(body={"text": {"format": form}})).metadata
    assert metadata == {"response_format": form}


@pytest.mark.parametrize("form", [dict, lambda fields: Response.construct(**fields)], ids=["plain", "model"])
def test_response(form: Any) -> None:
    answer = response(*ITEMS, previous_response_id="resp_0", reasoning={"effort": "low"})
    described = CREATE.response(form(answer))
    described.more = {name: plain(fact) for name, fact in described.more.items()}
    assert described == Description(
        output=list(ITEMS),
        metadata={"model": MODEL},
        more={
            "id": "resp_1",
            "object": "response",
            "created_at": 1,
            "status": "completed",
            "background": False,
            "previous_response_id": "resp_0",
            "reasoning": {"effort": "low"},
            "service_tier": "default",
            "truncation": "disabled",
        },
        metrics=TOKENS,
        attributes={
            "gen_ai.response.id": "resp_1",
            "gen_ai.response.model": MODEL,
            "gen_ai.response.finish_reasons": ["completed"],
            "gen_ai.usage.input_tokens": 5,
            "gen_ai.usage.output_tokens": 7,
        },
    )


@pytest.mark.parametrize("answer", [None, 5, "text", [], {}, {"output": None, "usage": None, "status": None}])
@pytest.mark.parametrize("endpoint", [CREATE, RETRIEVE, CANCEL, COMPACT])
def test_a_response_that_says_nothing(endpoint: Any, answer: Any) -> None:
    assert endpoint.response(answer) == Description()


FAILED = response(status="failed", error={"code": "server_error", "message": "overloaded"}, usage=None)
INCOMPLETE = response(message("cut"), status="incomplete", incomplete_details={"reason": "max_output_tokens"})


@pytest.mark.parametrize("is_streamed", [False, True])
def test_a_response_that_failed_is_an_error_though_nothing_is_raised(
    is_streamed: bool, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(streamed_response(FAILED) if is_streamed else whole(FAILED))
    with client_of(server.url) as client:
        answer: Any = client.responses.create(model="m", input="hi", stream=is_streamed)
        assert (list(answer)[-1].response if is_streamed else answer).status == "failed"
    (span,) = recorded.spans
    assert (span.status.status_code, span.status.description) == (
        StatusCode.ERROR,
        "server_error: overloaded",
    )
    assert (span.attributes or {})["error.type"] == "server_error"
    assert (span.attributes or {})["gen_ai.response.finish_reasons"] == ("failed",)


@pytest.mark.parametrize(
    ("answer", "error", "error_type"),
    [
        ({"status": "failed"}, "failed", "failed"),
        ({"status": "failed", "error": {"message": "no"}}, "no", "failed"),
        ({"status": "failed", "error": "no"}, "failed", "failed"),
        ({"error": {"code": 5, "message": None}}, None, None),
        ({"status": "cancelled", "error": None}, None, None),
    ],
)
def test_what_a_failed_response_says(answer: Json, error: str | None, error_type: str | None) -> None:
    described = CREATE.response(answer)
    assert (described.error, described.attributes.get("error.type")) == (error, error_type)


@pytest.mark.parametrize("is_streamed", [False, True])
def test_an_incomplete_response_is_no_error_and_says_why_it_ends(
    is_streamed: bool, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(streamed_response(INCOMPLETE) if is_streamed else whole(INCOMPLETE))
    with client_of(server.url) as client:
        answer: Any = client.responses.create(model="m", input="hi", stream=is_streamed)
        if is_streamed:
            list(answer)
    (span,) = recorded.spans
    assert span.status.status_code is StatusCode.UNSET
    assert (span.attributes or {})["gen_ai.response.finish_reasons"] == ("max_output_tokens",)
    assert attribute(span, "output_json") == [message("cut")]


def test_an_error_event_is_an_error(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    events = response_events(response(message("one two")))[:6]
    error = {"type": "error", "code": "server_error", "message": "overloaded", "sequence_number": 6}
    server.reply(named([*events, error]))
    with client_of(server.url) as client:
        assert delta_of(client.responses.create(model="m", input="hi", stream=True)) == "one two"
    (span,) = recorded.spans
    assert (span.status.status_code, span.status.description) == (
        StatusCode.ERROR,
        "server_error: overloaded",
    )
    assert attribute(span, "output_json")[0]["content"][0]["text"] == "one two"


BROKEN_OFF = {**message("one two"), "status": "in_progress"}


def test_a_stream_that_breaks_down_keeps_what_has_come(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(named(response_events(response(message("one two three")))[:6], is_cut=True))
    with client_of(server.url) as client:
        stream = client.responses.create(model="m", input="hi", stream=True)
        with pytest.raises(Exception, match=r"closed|Connection error"):
            list(stream)
    (span,) = recorded.spans
    assert span.status.status_code is StatusCode.ERROR
    assert attribute(span, "output_json") == [{**BROKEN_OFF, "content": [part("one two thre"[:8])]}]


def part(text: str) -> Json:
    return {"type": "output_text", "annotations": [], "logprobs": [], "text": text}


def _break(client: OpenAI) -> None:
    for number, _ in enumerate(client.responses.create(model="m", input="hi", stream=True)):
        if number == 4:
            break


def _close(client: OpenAI) -> None:
    stream = client.responses.create(model="m", input="hi", stream=True)
    for _ in range(5):
        next(stream)
    stream.close()


def _leave_helper(client: OpenAI) -> None:
    with client.responses.stream(model="m", input="hi") as stream:
        for _ in range(5):
            next(stream)


@pytest.mark.parametrize("broken_off", [_break, _close, _leave_helper])
def test_a_stream_broken_off_keeps_what_was_read_and_is_no_error(
    broken_off: Any, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(streamed_response(response(message("one two three"))))
    with client_of(server.url) as client:
        broken_off(client)
        gc.collect()
        (span,) = recorded.spans
    assert told(span) == {
        **TOLD,
        "output": [{**BROKEN_OFF, "content": [part("one ")]}],
        "metrics": {"time_to_first_token": True},
    }
    assert span.status.status_code is StatusCode.UNSET


QUEUED = response(id="resp_bg", status="queued", background=True, usage=None)
DONE = response(message("24"), id="resp_bg", background=True)


def tokens(spans: list[ReadableSpan]) -> list[int | None]:
    return [(attribute(span, "metrics") or {}).get("tokens") for span in spans]


def outputs(spans: list[ReadableSpan]) -> list[Any]:
    return [attribute(span, "output_json") for span in spans]


def test_in_background_mode_the_poll_that_finds_the_answer_counts_its_tokens(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    running = {**QUEUED, "status": "in_progress"}
    server.reply(whole(QUEUED), whole(running), whole(DONE), whole(DONE))
    with client_of(server.url) as client:
        assert client.responses.create(model="m", input="hi", background=True).status == "queued"
        assert [client.responses.retrieve("resp_bg").status for _ in range(3)] == [
            "in_progress",
            "completed",
            "completed",
        ]
    assert names(recorded.spans) == ["openai.responses.create", *["openai.responses.retrieve"] * 3]
    assert tokens(recorded.spans) == [None, None, 12, None]
    assert outputs(recorded.spans) == [[], [], DONE["output"], DONE["output"]]
    assert [(span.attributes or {})["gen_ai.response.id"] for span in recorded.spans] == ["resp_bg"] * 4


async def test_in_background_mode_with_an_async_client(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(whole(QUEUED), whole(DONE))
    async with async_client_of(server.url) as client:
        await client.responses.create(model="m", input="hi", background=True)
        await client.responses.retrieve("resp_bg")
    assert tokens(recorded.spans) == [None, 12]


def test_a_response_that_is_fetched_again_is_not_billed_again(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(whole(DONE), whole(DONE))
    with client_of(server.url) as client:
        client.responses.create(model="m", input="hi")
        client.responses.retrieve("resp_bg")
    assert tokens(recorded.spans) == [12, None]
    assert outputs(recorded.spans) == [DONE["output"]] * 2


def test_tokens_that_are_not_counted_are_told_where_all_is_wanted(server: FakeOpenAI) -> None:
    server.reply(whole(DONE))
    with recorded_spans(capture="all") as recorded, client_of(server.url) as client:
        client.responses.retrieve("resp_elsewhere")
    (span,) = recorded.spans
    assert attribute(span, "metadata")["usage"] == USAGE
    assert attribute(span, "metrics") is None


def test_a_stream_that_was_broken_off_is_taken_up_again(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    events = response_events(DONE)
    server.reply(named(events[:4]), named(events[4:]), whole(DONE))
    with client_of(server.url) as client:
        begun = list(client.responses.create(model="m", input="hi", background=True, stream=True))
        last = begun[-1].sequence_number
        again = client.responses.retrieve("resp_bg", stream=True, starting_after=last)
        assert delta_of(again) == "24"
        client.responses.retrieve("resp_bg")
    assert [received.path.partition("/responses")[2] for received in server.received] == [
        "",
        "/resp_bg?starting_after=3&stream=true",
        "/resp_bg",
    ]
    assert tokens(recorded.spans) == [None, 12, None]
    assert outputs(recorded.spans)[1:] == [DONE["output"]] * 2


def test_a_cancelled_response(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    cancelled = {**QUEUED, "status": "cancelled"}
    server.reply(whole(QUEUED), whole(cancelled))
    with client_of(server.url) as client:
        client.responses.create(model="m", input="hi", background=True)
        assert client.responses.cancel("resp_bg").status == "cancelled"
    span = recorded.spans[1]
    assert (span.name, span.status.status_code) == ("openai.responses.cancel", StatusCode.UNSET)
    assert (span.attributes or {})["gen_ai.response.finish_reasons"] == ("cancelled",)


def test_a_poll_that_fails_names_the_response(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(failure(404, "no such response"))
    with client_of(server.url) as client, pytest.raises(openai.NotFoundError):
        client.responses.retrieve("resp_gone")
    (span,) = recorded.spans
    assert (span.attributes or {})["gen_ai.response.id"] == "resp_gone"
    assert span.status.status_code is StatusCode.ERROR


def test_what_asks_no_model_is_not_recorded(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(whole({"object": "list", "data": []}), whole({}))
    with client_of(server.url) as client:
        client.responses.input_items.list("resp_1")
        client.responses.delete("resp_1")
    assert [received.method for received in server.received] == ["GET", "DELETE"]
    assert recorded.spans == []


def test_a_chain_of_responses_says_what_it_follows(server: FakeOpenAI) -> None:
    server.reply(whole(ANSWER), whole(response(message("more"), id="resp_2", previous_response_id="resp_1")))
    with recorded_spans(capture="all") as recorded, client_of(server.url) as client:
        first = client.responses.create(model="m", input="hi")
        client.responses.create(model="m", input="and?", previous_response_id=first.id)
    followed = [attribute(span, "metadata").get("previous_response_id") for span in recorded.spans]
    assert followed == [None, "resp_1"]


@pytest.mark.skipif(not hasattr(Responses, "compact"), reason="openai is too old")
def test_a_compaction_is_a_call_of_the_model(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    compaction = {"id": "cmp_1", "type": "compaction", "encrypted_content": "gAAAA"}
    answer = {"id": "resp_c", "object": "response.compaction", "created_at": 1, "output": [compaction]}
    server.reply(whole({**answer, "usage": USAGE}))
    with client_of(server.url) as client:
        client.responses.compact(model="gpt-4o-mini", input=[USER], instructions="Be brief.")  # pyright: ignore[reportArgumentType]
    (span,) = recorded.spans
    assert (span.name, told(span)) == (
        "openai.responses.compact",
        {
            "input": [SYSTEM, USER],
            "output": [compaction],
            "metadata": {"provider": "openai", "model": "gpt-4o-mini"},
            "metrics": TOKENS,
        },
    )


@pytest.mark.skipif(not hasattr(Responses, "input_tokens"), reason="openai is too old")
async def test_counting_tokens_bills_none(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    counted = {"object": "response.input_tokens", "input_tokens": 11}
    server.reply(whole(counted), whole(counted))
    with client_of(server.url) as client:
        client.responses.input_tokens.count(model="gpt-4o-mini", input="hi")
    async with async_client_of(server.url) as aclient:
        await aclient.responses.input_tokens.count(model="gpt-4o-mini", input="hi")
    for span in recorded.spans:
        assert span.name == "openai.responses.input_tokens.count"
        assert attribute(span, "span_attributes") == {"type": "task"}
        assert told(span) == {
            "input": "hi",
            "output": counted,
            "metadata": {"provider": "openai", "model": "gpt-4o-mini"},
            "metrics": None,
        }
    assert len(recorded.spans) == 2


async def test_the_caller_gets_the_clients_own_events(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    options: dict[str, Any] = {"api_key": "none", "base_url": server.url}
    server.reply(*[streamed_response(response(*ITEMS))] * 2)
    async with AsyncOpenAI(**options) as bare:
        expected = await collected(await bare.responses.create(model="m", input="hi", stream=True))
    async with async_client_of(server.url) as client:
        events = await collected(await client.responses.create(model="m", input="hi", stream=True))
    assert [type(event) for event in events] == [type(event) for event in expected]
    assert events == expected
    assert len(recorded.spans) == 1
