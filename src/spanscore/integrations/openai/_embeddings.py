"""How embeddings are described: how many there are and how long, not the vectors."""

from typing import Any, Final, cast

from spanscore import tracing
from spanscore.integrations._endpoint import Description, Endpoint, Request
from spanscore.integrations._plain import fields_of, plain
from spanscore.integrations.openai._answer import answered_model, facts, gen_ai_answer, items
from spanscore.integrations.openai._parameters import gen_ai_parameters, metadata_parameters, other_parameters
from spanscore.wire import attributes
from spanscore.wire.usage import usage_metrics

_BYTES_OF_A_FLOAT: Final = 4


def _request(request: Request) -> Description:
    body = request.body
    return Description(
        input=body.get("input"),
        metadata=metadata_parameters(body),
        more=other_parameters(body, "input"),
        attributes={attributes.GEN_AI_OPERATION_NAME: "embeddings", **gen_ai_parameters(body)},
    )


def _response(response: Any) -> Description:
    answer = fields_of(response)
    metrics = usage_metrics(plain(answer.get("usage")))
    return Description(
        output=_output(answer.get("data")),
        metadata=answered_model(answer),
        more=facts(answer, "object"),
        metrics=metrics,
        attributes=gen_ai_answer(answer, metrics),
    )


EMBEDDINGS: Final = Endpoint(path="/embeddings", span_name="Embedding", request=_request, response=_response)
"""The output is `{"embedding_length": …, "embedding_count": …}`, and the vectors where all is wanted."""


def _output(data: Any) -> dict[str, Any] | None:
    if not isinstance(data, list):
        return None
    vectors = items(data)
    length = _length(fields_of(vectors[0]).get("embedding")) if vectors else None
    told = {} if length is None else {"embedding_length": length}
    told["embedding_count"] = len(vectors)
    return {**told, "data": plain(vectors)} if tracing.captures_all() else told


def _length(vector: Any) -> int | None:
    """The numbers in a vector: a list of them, or base64 of their bytes as the service sends it."""
    if isinstance(vector, str):
        return len(vector.rstrip("=")) * 3 // 4 // _BYTES_OF_A_FLOAT
    return len(cast("list[Any]", vector)) if isinstance(vector, list) else None
