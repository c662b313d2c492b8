"""How generating content is described, compared with what Google's own types read from the same JSON."""

import json
from typing import Any

import pytest
from google.genai import types

from fake_google import answer, candidate, function_call
from spanscore.integrations._endpoint import Description, Request
from spanscore.integrations.google_genai._generate import GENERATE_CONTENT as GENERATE
from spanscore.integrations.google_genai._generate import STREAM_GENERATE_CONTENT

RICH = answer(
    candidates=[
        candidate(
            {"text": "Let me think.", "thought": True},
            {"text": "It is ", "thoughtSignature": "c2ln"},
            "sunny.",
            function_call("weather", city="Rome", days=2),
            {"executableCode": {"code": "print(1)", "language": "PYTHON"}},
            {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1\n"}},
            {"inlineData": {"mimeType": "image/png", "data": "aGVsbG8="}},
            {"fileData": {"fileUri": "gs://b/x.png", "mimeType": "image/png"}},
            index=0,
            finishReason="STOP",
            avgLogprobs=-0.5,
            citationMetadata={"citations": [{"startIndex": 1, "uri": "https://example.com"}]},
            groundingMetadata={"webSearchQueries": ["q"], "groundingChunks": [{"web": {"uri": "u"}}]},
            logprobsResult={"chosenCandidates": [{"token": "a", "logProbability": -1.5}]},
            safetyRatings=[{"category": "HARM_CATEGORY_HATE_SPEECH", "probability": "NEGLIGIBLE"}],
        ),
        candidate("other", index=1, finishReason="MAX_TOKENS", tokenCount=1),
    ],
    createTime="2025-01-01T00:00:00Z",
)


def body_of(value: Any) -> types.HttpResponse:
    return types.HttpResponse(body=json.dumps(value))


def test_the_output_is_what_googles_types_read() -> None:
    read = types.GenerateContentResponse.model_validate(RICH)
    dumped = read.model_dump(mode="json", by_alias=True, exclude_unset=True)
    described = GENERATE.response(body_of(RICH))
    assert described.output == {"candidates": dumped["candidates"]}
    usage: Any = read.usage_metadata
    assert described == Description(
        output={"candidates": RICH["candidates"]},
        metadata={"model": read.model_version},
        more={"responseId": read.response_id, "createTime": RICH["createTime"]},
        metrics={
            "tokens": usage.total_token_count,
            "prompt_tokens": usage.prompt_token_count,
            "completion_tokens": usage.candidates_token_count,
        },
        attributes={
            "gen_ai.response.id": "r1",
            "gen_ai.response.model": "gemini-2.5-flash-001",
            "gen_ai.response.finish_reasons": ["STOP", "MAX_TOKENS"],
            "gen_ai.usage.input_tokens": 5,
            "gen_ai.usage.output_tokens": 7,
        },
    )


def test_a_prompt_that_was_refused() -> None:
    refused = {"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 3}}
    assert GENERATE.response(body_of(refused)) == Description(
        output={"promptFeedback": {"blockReason": "SAFETY"}},
        metrics={"prompt_tokens": 3},
        attributes={"gen_ai.usage.input_tokens": 3},
    )


def test_details_of_the_usage_that_have_no_metric() -> None:
    details = [{"modality": "TEXT", "tokenCount": 3}]
    described = GENERATE.response({"usageMetadata": {"toolUsePromptTokensDetails": details}})
    assert described.metadata == {"usage_by_modality": {"tool_use_prompt_tokens_details": details}}


@pytest.mark.parametrize(
    "response",
    [None, 5, "text", [], {}, body_of(None), body_of([1]), {"candidates": None, "usageMetadata": None}],
)
def test_a_response_that_says_nothing(response: Any) -> None:
    assert GENERATE.response(response) == Description()


@pytest.mark.parametrize("candidates", ["x", 5, [None, 5, "x", {}], {"a": 1}])
def test_candidates_of_other_types_are_told_as_they_are(candidates: Any) -> None:
    assert GENERATE.response({"candidates": candidates}).output == {"candidates": candidates}


def test_request() -> None:
    contents = [{"parts": [{"text": "hi"}], "role": "user"}]
    instruction = {"parts": [{"text": "Be brief."}], "role": "user"}
    body = {
        "contents": contents,
        "systemInstruction": instruction,
        "generationConfig": {"temperature": 0.5, "thinkingConfig": {"include_thoughts": True}},
    }
    path = "models/gemini-2.5-flash:generateContent"
    assert GENERATE.request(Request(body=body, path=path)) == Description(
        input={"model": "gemini-2.5-flash", "contents": contents, "systemInstruction": instruction},
        metadata={"model": "gemini-2.5-flash", "temperature": 0.5},
        more={"thinkingConfig": {"includeThoughts": True}},
        attributes={
            "gen_ai.operation.name": "generate_content",
            "gen_ai.request.model": "gemini-2.5-flash",
            "gen_ai.request.temperature": 0.5,
        },
    )


def test_a_request_that_says_nothing() -> None:
    assert GENERATE.request(Request(body={})) == Description(
        input={"model": ""}, attributes={"gen_ai.operation.name": "generate_content"}
    )


def test_both_endpoints_are_described_alike() -> None:
    stream = STREAM_GENERATE_CONTENT
    assert (stream.request, stream.response, stream.span_name) == (
        GENERATE.request,
        GENERATE.response,
        GENERATE.span_name,
    )
