"""How embeddings are described: how many there are and how long, not the vectors."""

from typing import Any, Final, cast

from spanscore import tracing
from spanscore.integrations._endpoint import Description, Endpoint, Request
from spanscore.integrations._plain import Fields, fields_of
from spanscore.integrations.google_genai._answer import answer_of
from spanscore.integrations.google_genai._parameters import model_of
from spanscore.integrations.google_genai._spelling import camelised
from spanscore.integrations.google_genai._usage import usage_metrics
from spanscore.wire import attributes

_CONTENT: Final = ("requests", "instances", "content")


def _request(request: Request) -> Description:
    body: Fields = camelised(request.body)
    model = model_of(request.path)
    return Description(
        input={"model": model, "contents": _contents(body)},
        metadata={"model": model},
        more={name: value for name, value in body.items() if name not in _CONTENT},
        attributes={
            attributes.GEN_AI_OPERATION_NAME: "embeddings",
            attributes.GEN_AI_REQUEST_MODEL: model,
        },
    )


def _response(response: Any) -> Description:
    answer = answer_of(response)
    vectors = _vectors(answer)
    metrics = _metrics(answer)
    count = metrics.get("prompt_tokens")
    return Description(
        output=None if vectors is None else _output(vectors),
        metrics=metrics,
        attributes={} if count is None else {attributes.GEN_AI_USAGE_INPUT_TOKENS: count},
    )


def _endpoint(path: str) -> Endpoint:
    return Endpoint(path=path, span_name="embed_content", request=_request, response=_response)


EMBEDDINGS: Final = (_endpoint(":batchEmbedContents"), _endpoint(":embedContent"), _endpoint(":predict"))
"""The output is `{"embedding_length": …, "embedding_count": …}`, and the vectors where all is wanted."""


def is_embedding(body: Fields) -> bool:
    """Whether a prediction that is asked of Vertex AI is one of embeddings."""
    return any("content" in fields_of(instance) for instance in _items(body.get("instances")))


def _contents(body: Fields) -> list[Any]:
    """What is embedded, one entry for each vector."""
    if "content" in body:
        return [body["content"]]
    given = [*_items(body.get("requests")), *_items(body.get("instances"))]
    return [fields_of(entry).get("content") for entry in given]


def _vectors(answer: Fields) -> list[Any] | None:
    """The embeddings of an answer, of which each form of request has its own."""
    if "embedding" in answer:
        return [answer["embedding"]]
    if isinstance(answer.get("predictions"), list):
        return [fields_of(entry).get("embeddings") for entry in _items(answer["predictions"])]
    embeddings = answer.get("embeddings")
    if not isinstance(embeddings, list):
        return None
    # In batches of Vertex AI each entry has its vector one level deeper.
    return [fields_of(entry).get("embedding", entry) for entry in cast("list[Any]", embeddings)]


def _output(vectors: list[Any]) -> dict[str, Any]:
    lengths = [len(values) for values in map(_values, vectors) if values is not None]
    told: dict[str, Any] = {"embedding_length": lengths[0]} if lengths else {}
    told["embedding_count"] = len(vectors)
    return {**told, "embeddings": vectors} if tracing.captures_all() else told


def _values(vector: Any) -> list[Any] | None:
    values = fields_of(vector).get("values")
    return cast("list[Any]", values) if isinstance(values, list) else None


def _metrics(answer: Fields) -> dict[str, int]:
    """The tokens of the input, of which Vertex AI's predictions tell vector by vector."""
    metrics = usage_metrics(answer.get("usageMetadata"))
    counts = [_token_count(entry) for entry in _items(answer.get("predictions"))]
    known = [count for count in counts if count is not None]
    if not metrics and known and len(known) == len(counts):
        metrics["prompt_tokens"] = sum(known)
    if "prompt_tokens" in metrics:
        metrics.setdefault("tokens", metrics["prompt_tokens"])
    return {
        name: metrics[name] for name in ("tokens", "prompt_tokens", "prompt_audio_tokens") if name in metrics
    }


def _token_count(prediction: Any) -> int | None:
    statistics = fields_of(fields_of(fields_of(prediction).get("embeddings")).get("statistics"))
    count = statistics.get("token_count", statistics.get("tokenCount"))
    return count if type(count) is int and count >= 0 else None


def _items(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
