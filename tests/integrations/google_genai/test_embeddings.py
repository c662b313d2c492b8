"""Embeddings: what was asked, how many vectors came and how long they are."""

from typing import Any

import pytest

from fake_google import FakeGoogle, whole
from google_forms import client_of, closing_client, vertex_client
from span_reading import told
from spanscore.integrations._endpoint import Description
from spanscore.integrations.google_genai import wrap
from spanscore.integrations.google_genai._embeddings import EMBEDDINGS, is_embedding
from spanscore.testing import RecordedRecords, recorded_spans

MODEL = "text-embedding-004"
VECTORS = [{"values": [0.1, 0.2, 0.3]}, {"values": [0.4, 0.5, 0.6]}]
TEXTS = [{"parts": [{"text": text}], "role": "user"} for text in ("a", "b")]


def test_of_the_gemini_api(server: FakeGoogle, recorded: RecordedRecords) -> None:
    usage = {"promptTokenCount": 4, "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": 1}]}
    server.reply(whole({"embeddings": VECTORS, "usageMetadata": usage}))
    with client_of(server.url) as client:
        answer = client.models.embed_content(
            model=MODEL, contents=["a", "b"], config={"output_dimensionality": 3}
        )
    assert [embedding.values for embedding in answer.embeddings or []] == [each["values"] for each in VECTORS]
    (span,) = recorded.spans
    assert span.name == "embed_content"
    assert told(span) == {
        "input": {
            "model": MODEL,
            "contents": [request["content"] for request in server.received[0].body["requests"]],
        },
        "output": {"embedding_length": 3, "embedding_count": 2},
        "metadata": {"provider": "google", "model": MODEL},
        "metrics": {"prompt_tokens": 4, "tokens": 4, "prompt_audio_tokens": 1},
    }


def test_of_vertex_ai(server: FakeGoogle, recorded: RecordedRecords) -> None:
    predictions = [
        {"embeddings": {**each, "statistics": {"token_count": 2, "truncated": False}}} for each in VECTORS
    ]
    server.reply(whole({"predictions": predictions}))
    with closing_client(wrap(vertex_client(server.url))) as client:
        client.models.embed_content(model=MODEL, contents=["a", "b"])
    assert server.received[0].path.endswith(":predict")
    (span,) = recorded.spans
    assert told(span) == {
        "input": {"model": MODEL, "contents": ["a", "b"]},
        "output": {"embedding_length": 3, "embedding_count": 2},
        "metadata": {"provider": "google", "model": MODEL},
        "metrics": {"prompt_tokens": 4, "tokens": 4},
    }
    assert (span.attributes or {})["gen_ai.operation.name"] == "embeddings"
    assert (span.attributes or {})["gen_ai.usage.input_tokens"] == 4


def test_the_vectors_where_all_is_wanted(server: FakeGoogle) -> None:
    server.reply(whole({"embeddings": VECTORS}))
    with recorded_spans(capture="all") as recorded, client_of(server.url) as client:
        client.models.embed_content(model=MODEL, contents=["a", "b"])
    assert told(recorded.spans[0])["output"] == {
        "embedding_length": 3,
        "embedding_count": 2,
        "embeddings": VECTORS,
    }


ENDPOINT = EMBEDDINGS[0]


@pytest.mark.parametrize(
    ("answer", "output"),
    [
        ({"embedding": VECTORS[0]}, {"embedding_length": 3, "embedding_count": 1}),
        (
            {"embeddings": [{"embedding": each} for each in VECTORS]},
            {"embedding_length": 3, "embedding_count": 2},
        ),
        ({"embeddings": []}, {"embedding_count": 0}),
        (
            {"embeddings": [None, 5, {"values": "x"}, {"values": [1]}]},
            {"embedding_length": 1, "embedding_count": 4},
        ),
        ({"predictions": [None, {"embeddings": 5}]}, {"embedding_count": 2}),
        ({"predictions": "x"}, None),
        ({"embeddings": 5}, None),
        ({}, None),
        (None, None),
    ],
)
def test_output(answer: Any, output: Any) -> None:
    assert ENDPOINT.response(answer) == Description(output=output)


@pytest.mark.parametrize("counts", [[2, None], [2, "3"], [2, -1], [True]])
def test_tokens_are_known_of_all_or_not_told(counts: list[Any]) -> None:
    answer = {"predictions": [{"embeddings": {"statistics": {"token_count": count}}} for count in counts]}
    assert ENDPOINT.response(answer).metrics == {}


@pytest.mark.parametrize(
    ("body", "contents"),
    [
        ({"content": TEXTS[0]}, TEXTS[:1]),
        ({"requests": [{"content": text} for text in TEXTS]}, TEXTS),
        ({"instances": [{"content": "a"}]}, ["a"]),
        ({"requests": [None, 5]}, [None, None]),
        ({}, []),
    ],
)
def test_input(body: Any, contents: Any) -> None:
    from spanscore.integrations._endpoint import Request

    described = ENDPOINT.request(Request(body=body, path=f"models/{MODEL}:embedContent"))
    assert described.input == {"model": MODEL, "contents": contents}


def test_a_prediction_is_one_of_embeddings_by_its_content() -> None:
    assert is_embedding({"instances": [{"content": "a"}]})
    assert not any(
        is_embedding(body) for body in ({}, {"instances": None}, {"instances": [{"prompt": "a"}, 5]})
    )
