"""The items of the span conventions that concern Google, by number, for both kinds of answer.

Items 30 and 31, on agents, are test_generating's.
"""

import types as python_types
from collections.abc import Callable
from typing import Any

import pytest
from google.genai import types
from opentelemetry import context as otel_context
from opentelemetry.sdk.trace import ReadableSpan

from fake_google import (
    FakeGoogle,
    Json,
    answer,
    candidate,
    chunk,
    function_call,
    streamed,
    text_chunks,
    whole,
)
from google_forms import ASKED, MODEL, client_of
from span_reading import attribute, told
from spanscore.integrations import _call
from spanscore.testing import RecordedRecords
from spanscore.tracing import context_with

PROMPT = {"id": "p1", "project_id": "j1", "version": "7", "variables": {"a": 1}}
PNG = b"\xff\xd8\xfe" * 10
CONTENTS: Any = [
    types.Content(
        role="user",
        parts=[
            types.Part(text="What is this?"),
            types.Part(inline_data=types.Blob(data=PNG, mime_type="image/png")),
            types.Part(
                file_data=types.FileData(file_uri="https://example.com/cat.png", mime_type="image/png")
            ),
        ],
    ),
    types.Content(
        role="model",
        parts=[
            types.Part(text="Let me think.", thought=True),
            types.Part(function_call=types.FunctionCall(id="c1", name="weather", args={"the_city": "Rome"})),
        ],
    ),
    types.Content(
        role="user",
        parts=[
            types.Part(
                function_response=types.FunctionResponse(
                    id="c1", name="weather", response={"the_sky": "blue"}
                )
            )
        ],
    ),
]
WEATHER = types.FunctionDeclaration(
    name="weather",
    description="The weather.",
    parameters=types.Schema(
        type=types.Type.OBJECT, properties={"the_city": types.Schema(type=types.Type.STRING)}
    ),
)
CONFIG = types.GenerateContentConfig(
    system_instruction="Be brief.",
    temperature=0.5,
    top_p=0.9,
    max_output_tokens=99,
    frequency_penalty=0.1,
    presence_penalty=0.2,
    stop_sequences=["END"],
    response_mime_type="application/json",
    seed=1,
    top_k=3,
    tools=[types.Tool(function_declarations=[WEATHER]), types.Tool(google_search=types.GoogleSearch())],
    tool_config=types.ToolConfig(
        function_calling_config=types.FunctionCallingConfig(
            mode=types.FunctionCallingConfigMode.ANY, allowed_function_names=["weather"]
        )
    ),
    http_options=types.HttpOptions(extra_body={"span_info": {"metadata": {"prompt": PROMPT}}}),
)
USAGE: Json = {
    "promptTokenCount": 94,
    "toolUsePromptTokenCount": 6,
    "candidatesTokenCount": 48,
    "thoughtsTokenCount": 16,
    "cachedContentTokenCount": 64,
    "totalTokenCount": 164,
    "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": 2}],
    "candidatesTokensDetails": [
        {"modality": "IMAGE", "tokenCount": 7},
        {"modality": "AUDIO", "tokenCount": 1},
    ],
    "toolUsePromptTokensDetails": [{"modality": "TEXT", "tokenCount": 6}],
    "trafficType": "ON_DEMAND",
}
PARTS = [
    {"text": "It is cold.", "thought": True},
    {"text": "Brr."},
    {"functionCall": {"id": "c2", "name": "weather", "args": {"the_city": "Paris"}}},
    {"inlineData": {"mimeType": "image/png", "data": "aGVsbG8="}},
]
WHOLE = answer(candidates=[candidate(*PARTS, index=0, finishReason="STOP")], usageMetadata=USAGE)
STREAMED = [
    chunk({"text": "It is ", "thought": True}),
    chunk({"text": "cold.", "thought": True}),
    chunk("Brr", "."),
    chunk(*PARTS[2:]),
    answer(candidates=[{"finishReason": "STOP", "index": 0}], usageMetadata=USAGE),
]
METADATA_KEYS = {
    "model",
    "provider",
    "temperature",
    "top_p",
    "max_tokens",
    "frequency_penalty",
    "presence_penalty",
    "stop",
    "response_format",
    "tools",
    "tool_choice",
    "prompt",
    # Of Google's own, for details that have no metric.
    "usage_by_modality",
}
METRIC_KEYS = {
    "tokens",
    "prompt_tokens",
    "completion_tokens",
    "time_to_first_token",
    "completion_reasoning_tokens",
    "prompt_cached_tokens",
    "prompt_audio_tokens",
    "completion_audio_tokens",
    "completion_image_tokens",
}


def metadata(span: ReadableSpan) -> dict[str, Any]:
    return attribute(span, "metadata")


def metrics(span: ReadableSpan) -> dict[str, Any]:
    return attribute(span, "metrics")


def parts(span: ReadableSpan, message: int) -> list[Any]:
    return attribute(span, "input_json")["contents"][message]["parts"]


def said(span: ReadableSpan) -> Any:
    return attribute(span, "output_json")["candidates"][0]


FUNCTION = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather.",
        "parameters": {"type": "object", "properties": {"the_city": {"type": "string"}}},
    },
}

ITEMS: dict[str, Callable[[ReadableSpan], bool]] = {
    "9 nothing but what is listed": lambda span: (
        set(metadata(span)) <= METADATA_KEYS and set(metrics(span)) <= METRIC_KEYS
    ),
    "11 the type is llm": lambda span: attribute(span, "span_attributes")["type"] == "llm",
    "12 the name": lambda span: span.name == "generate_content",
    "13 the whole conversation": lambda span: (
        [content["role"] for content in attribute(span, "input_json")["contents"]]
        == ["user", "model", "user"]
    ),
    "14 the system instruction is part of the input": lambda span: (
        attribute(span, "input_json")["systemInstruction"]["parts"] == [{"text": "Be brief."}]
    ),
    "15 the model is at the top of the input": lambda span: attribute(span, "input_json")["model"] == MODEL,
    "16 the output is Google's own form": lambda span: set(attribute(span, "output_json")) == {"candidates"},
    "17 the reason why it ended": lambda span: said(span)["finishReason"] == "STOP",
    "18 arguments are objects, ids are kept": lambda span: (
        parts(span, 1)[1]["functionCall"] == {"id": "c1", "name": "weather", "args": {"the_city": "Rome"}}
        and PARTS[2] in said(span)["content"]["parts"]
    ),
    "19 results belong to their calls": lambda span: (
        parts(span, 2)[0]["functionResponse"]
        == {"id": "c1", "name": "weather", "response": {"the_sky": "blue"}}
    ),
    "20 tools are metadata": lambda span: (
        FUNCTION in metadata(span)["tools"] and "tools" not in attribute(span, "input_json")
    ),
    "21 no strict where none is known": lambda span: "strict" not in str(metadata(span)["tools"]),
    "22 native tools stay native": lambda span: {"googleSearch": {}} in metadata(span)["tools"],
    "23 the tool choice": lambda span: (
        metadata(span)["tool_choice"] == {"type": "function", "function": {"name": "weather"}}
    ),
    "25 the prompt": lambda span: metadata(span)["prompt"] == PROMPT,
    "26 the prompt is nowhere else": lambda span: "span_info" not in attribute(span, "input_json"),
    "27 model and provider": lambda span: (
        (metadata(span)["model"], metadata(span)["provider"]) == ("gemini-2.5-flash-001", "google")
    ),
    "28 parameters of the request": lambda span: (
        {
            name: metadata(span)[name]
            for name in (
                "temperature",
                "top_p",
                "max_tokens",
                "frequency_penalty",
                "presence_penalty",
                "stop",
                "response_format",
            )
        }
        == {
            "temperature": 0.5,
            "top_p": 0.9,
            "max_tokens": 99,
            "frequency_penalty": 0.1,
            "presence_penalty": 0.2,
            "stop": ["END"],
            "response_format": {"type": "json_object"},
        }
    ),
    "29 the tokens": lambda span: (
        (
            metrics(span)["tokens"],
            metrics(span)["prompt_tokens"],
            metrics(span)["completion_tokens"],
        )
        == (164, 100, 64)
    ),
    "35 tokens of thoughts": lambda span: metrics(span)["completion_reasoning_tokens"] == 16,
    "36 thoughts are told as such": lambda span: said(span)["content"]["parts"][:2] == PARTS[:2],
    "37 earlier thoughts are in the input": lambda span: (
        parts(span, 1)[0] == {"text": "Let me think.", "thought": True}
    ),
    "38 media stay where they are, remote ones too": lambda span: (
        set(parts(span, 0)[1]["inlineData"]) == {"mimeType", "data"}
        and parts(span, 0)[2]["fileData"]["fileUri"] == "https://example.com/cat.png"
    ),
    "40 generated media": lambda span: PARTS[3] in said(span)["content"]["parts"],
    "41 tokens from the cache, of sound and images": lambda span: (
        (
            metrics(span)["prompt_cached_tokens"],
            metrics(span)["prompt_audio_tokens"],
            metrics(span)["completion_audio_tokens"],
            metrics(span)["completion_image_tokens"],
        )
        == (64, 2, 1, 7)
    ),
    "42 no other metrics": lambda span: set(metrics(span)) <= METRIC_KEYS,
    "44 attributes are JSON": lambda span: all(
        attribute(span, name) is not None for name in ("input_json", "output_json", "metadata", "metrics")
    ),
    "45 the container": lambda span: (span.attributes or {})["braintrust.parent"] == "project_name:chat",
    "46 the origin": lambda span: (
        attribute(span, "context_json")["span_origin"]["instrumentation"]["name"] == "spanscore"
    ),
    "51 counts are whole numbers": lambda span: all(
        isinstance(value, int) for name, value in metrics(span).items() if name != "time_to_first_token"
    ),
    "52 the total is prompt and completion": lambda span: (
        metrics(span)["tokens"] == metrics(span)["prompt_tokens"] + metrics(span)["completion_tokens"]
    ),
    "53 canonical names": lambda span: (
        not {"input_tokens", "output_tokens", "total_tokens"} & set(metrics(span))
    ),
}


@pytest.fixture
def spans(server: FakeGoogle, recorded: RecordedRecords) -> dict[str, ReadableSpan]:
    server.reply(whole(WHOLE), streamed(STREAMED))
    token = otel_context.attach(context_with(parent="project_name:chat"))
    with client_of(server.url) as client:
        client.models.generate_content(model=MODEL, contents=CONTENTS, config=CONFIG)
        list(client.models.generate_content_stream(model=MODEL, contents=CONTENTS, config=CONFIG))
    otel_context.detach(token)
    first, second = recorded.spans
    return {"whole": first, "streamed": second}


@pytest.mark.parametrize("form", ["whole", "streamed"])
@pytest.mark.parametrize("conforms", ITEMS.values(), ids=ITEMS.keys())
def test_item(conforms: Callable[[ReadableSpan], bool], form: str, spans: dict[str, ReadableSpan]) -> None:
    assert conforms(spans[form])


def test_item_10_one_span_a_call_that_ends_with_the_stream(
    server: FakeGoogle, recorded: RecordedRecords
) -> None:
    server.reply(streamed(text_chunks("a", "b")))
    with client_of(server.url) as client:
        ended = [len(recorded.spans) for _ in client.models.generate_content_stream(**ASKED)]
    assert ended == [0, 0]
    assert len(recorded.spans) == 1


def test_item_20_tools_are_those_of_the_very_call(server: FakeGoogle, recorded: RecordedRecords) -> None:
    def weather(the_city: str) -> str:
        """The weather."""
        return the_city

    server.reply(whole(answer(function_call("weather", the_city="Rome"))), whole(answer("blue")))
    with client_of(server.url) as client:
        client.models.generate_content(**ASKED, config={"tools": [weather]})
    requests = [span for span in recorded.spans if attribute(span, "span_attributes")["type"] == "llm"]
    assert [metadata(span)["tools"][0]["function"]["name"] for span in requests] == ["weather"] * 2
    assert [metadata(span)["tools"] for span in requests] == [
        [
            {
                "type": "function",
                "function": {
                    "name": "weather",
                    "description": "The weather.",
                    "parameters": metadata(requests[0])["tools"][0]["function"]["parameters"],
                },
            }
        ]
    ] * 2


def test_item_21_no_tools_no_key(server: FakeGoogle, recorded: RecordedRecords) -> None:
    with client_of(server.url) as client:
        client.models.generate_content(**ASKED, config={"tools": []})
    assert set(metadata(recorded.spans[0])) == {"provider", "model"}


def test_item_26_carriers_are_not_sent(spans: dict[str, ReadableSpan], server: FakeGoogle) -> None:
    assert [set(received.body) & {"span_info", "prompt"} for received in server.received] == [set(), set()]


def test_item_28_other_parameters_stay_out(spans: dict[str, ReadableSpan]) -> None:
    assert {"seed", "top_k", "topK", "labels"}.isdisjoint(metadata(spans["whole"]))


def test_item_32_a_stream_is_told_like_a_whole_answer(spans: dict[str, ReadableSpan]) -> None:
    expected = told(spans["whole"])
    assert told(spans["streamed"]) == {
        **expected,
        "metrics": {**expected["metrics"], "time_to_first_token": True},
    }


def test_item_33_the_first_token_is_timed_from_the_request_on(
    server: FakeGoogle, recorded: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(_call, "time", python_types.SimpleNamespace(perf_counter=lambda: now[0]))
    with client_of(server.url) as client:
        request: Any = client._api_client._request

        def slow(*args: Any, **kwargs: Any) -> Any:
            now[0] += 8
            return request(*args, **kwargs)

        monkeypatch.setattr(client._api_client, "_request", slow)
        stream = client.models.generate_content_stream(**ASKED)
        now[0] += 4
        for _ in stream:
            now[0] += 2
    assert metrics(recorded.spans[0])["time_to_first_token"] == 8


def test_item_34_a_stream_without_usage_has_no_tokens(server: FakeGoogle, recorded: RecordedRecords) -> None:
    server.reply(streamed([chunk("a", usageMetadata=None)]))
    with client_of(server.url) as client:
        list(client.models.generate_content_stream(**ASKED))
    assert set(metrics(recorded.spans[0])) == {"time_to_first_token"}


def test_item_54_judges_are_marked(server: FakeGoogle, recorded: RecordedRecords) -> None:
    token = otel_context.attach(context_with(purpose="scorer"))
    with client_of(server.url) as client:
        client.models.generate_content(**ASKED)
    otel_context.detach(token)
    assert attribute(recorded.spans[0], "span_attributes")["purpose"] == "scorer"


def test_item_71_inline_data_is_found_by_what_looks_for_media(
    spans: dict[str, ReadableSpan], server: FakeGoogle
) -> None:
    """It is sent in the base64 of URLs and in two spellings; told it is as the API's own answers have it."""
    inline = parts(spans["whole"], 0)[1]["inlineData"]
    sent = server.received[0].body["contents"][0]["parts"][1]["inlineData"]
    assert sent["data"] != inline["data"]
    assert types.Blob.model_validate(sent) == types.Blob.model_validate(inline)
    assert inline["data"].replace("+", "-").replace("/", "_") == sent["data"]
