"""Embeddings are told by how many there are and how long, in every call form; on demand with the vectors."""

import base64
import json
import struct
from typing import Any

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_openai import FakeOpenAI, failure, interactions_of, whole
from openai_forms import client_of
from openai_operations import WHOLE, Form, Operation
from recordings import recording
from span_reading import attribute, told
from spanscore.integrations._endpoint import Description, Request
from spanscore.integrations.openai._embeddings import EMBEDDINGS
from spanscore.testing import RecordedRecords, recorded_spans

TEXTS = ["one", "two"]
ASKED = {"model": "text-embedding-3-small", "input": TEXTS, "dimensions": 3}
CREATE = Operation(of="embeddings", arguments=ASKED)
USAGE = {"prompt_tokens": 5, "total_tokens": 5}


def answer(*vectors: Any) -> dict[str, Any]:
    data = [{"object": "embedding", "index": at, "embedding": one} for at, one in enumerate(vectors)]
    return {"object": "list", "data": data, "model": "text-embedding-3-small-v1", "usage": USAGE}


def encoded(*numbers: float) -> str:
    """A vector as the service sends it when the client asks for base64, as it does by itself."""
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()


VECTORS = {
    "floats": answer([0.5, 0.25, 1.0], [1.0, 0.0, 0.5]),
    "base64": answer(encoded(0.5, 0.25, 1.0), encoded(1.0, 0.0, 0.5)),
}
TOLD: dict[str, Any] = {
    "input": TEXTS,
    "output": {"embedding_length": 3, "embedding_count": 2},
    "metadata": {"provider": "openai", "model": "text-embedding-3-small-v1"},
    "metrics": {"tokens": 5, "prompt_tokens": 5},
}


@pytest.mark.parametrize("body", VECTORS.values(), ids=VECTORS.keys())
@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_every_form(
    form: Form, body: dict[str, Any], server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(whole(body))
    await form(server.url, CREATE)
    (span,) = recorded.spans
    assert (span.name, attribute(span, "span_attributes"), told(span)) == ("Embedding", {"type": "llm"}, TOLD)
    assert {name: value for name, value in (span.attributes or {}).items() if name.startswith("gen_ai.")} == {
        "gen_ai.operation.name": "embeddings",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "text-embedding-3-small",
        "gen_ai.response.model": "text-embedding-3-small-v1",
        "gen_ai.usage.input_tokens": 5,
    }


@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_an_error_is_recorded(form: Form, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(failure(400, "too long"))
    with pytest.raises(openai.BadRequestError, match="too long"):
        await form(server.url, CREATE)
    (span,) = recorded.spans
    assert (attribute(span, "input_json"), attribute(span, "output_json")) == (TEXTS, None)
    assert (span.attributes or {})["error.type"] == "openai.BadRequestError"


def test_the_vectors_are_the_callers(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(whole(VECTORS["base64"]))
    with client_of(server.url) as client:
        given = CREATE(client)
    assert [one.embedding for one in given.data] == [[0.5, 0.25, 1.0], [1.0, 0.0, 0.5]]


def test_all_that_there_is_where_that_is_wanted(server: FakeOpenAI) -> None:
    server.reply(whole(VECTORS["floats"]))
    with recorded_spans(capture="all") as recorded, client_of(server.url) as client:
        CREATE(client, encoding_format="float")
    (span,) = recorded.spans
    assert attribute(span, "output_json") == {**TOLD["output"], "data": VECTORS["floats"]["data"]}
    assert attribute(span, "metadata") == {
        **TOLD["metadata"],
        "dimensions": 3,
        "encoding_format": "float",
        "object": "list",
    }


@given(st.lists(st.floats(width=32), max_size=50))
def test_the_length_of_base64(numbers: list[float]) -> None:
    output = EMBEDDINGS.response(answer(encoded(*numbers))).output
    assert output == {"embedding_length": len(numbers), "embedding_count": 1}


@pytest.mark.parametrize(
    ("data", "output"),
    [
        (None, None),
        ("x", None),
        ([], {"embedding_count": 0}),
        ([None, 5], {"embedding_count": 2}),
        ([{"embedding": None}], {"embedding_count": 1}),
        ([{"embedding": {}}], {"embedding_count": 1}),
        ([{"embedding": []}], {"embedding_length": 0, "embedding_count": 1}),
    ],
)
def test_data_of_another_shape(data: Any, output: Any) -> None:
    assert EMBEDDINGS.response({"data": data}) == Description(output=output)


def test_tokens_are_an_input_too() -> None:
    described = EMBEDDINGS.request(Request(body={"model": "m", "input": [[1, 2], [3]], "user": "u"}))
    assert (described.input, described.metadata, described.more) == (
        [[1, 2], [3]],
        {"model": "m"},
        {"user": "u"},
    )


@pytest.mark.recorded
def test_recorded_answers(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    for request, reply in interactions_of(recording("openai_embeddings")):
        server.reply(reply)
        with client_of(server.url) as client:
            client.embeddings.create(**request)
        said = json.loads(reply.body)
        length = len(base64.b64decode(said["data"][0]["embedding"])) // 4
        assert told(recorded.spans[-1]) == {
            "input": request["input"],
            "output": {"embedding_length": length, "embedding_count": len(said["data"])},
            "metadata": {"provider": "openai", "model": said["model"]},
            "metrics": {
                "tokens": said["usage"]["total_tokens"],
                "prompt_tokens": said["usage"]["prompt_tokens"],
            },
        }
