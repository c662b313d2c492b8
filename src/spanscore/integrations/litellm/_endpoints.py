"""Which functions of litellm are described, as the endpoints of OpenAI that they are like."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from spanscore.integrations._endpoint import Accumulator, Description, Endpoint
from spanscore.integrations._plain import fields_of
from spanscore.integrations.litellm._answer import answered, told_choices
from spanscore.integrations.litellm._stream import EventAccumulator, PartsAccumulator
from spanscore.integrations.openai._chat import CHAT_COMPLETIONS
from spanscore.integrations.openai._completions import COMPLETIONS
from spanscore.integrations.openai._embeddings import EMBEDDINGS
from spanscore.integrations.openai._images import GENERATIONS
from spanscore.integrations.openai._moderations import MODERATIONS
from spanscore.integrations.openai._responses import RESPONSES
from spanscore.integrations.openai._speech import SPEECH
from spanscore.integrations.openai._transcriptions import TRANSCRIPTIONS
from spanscore.wire import attributes

_Value = TypeVar("_Value")

_NOT_GENERATED: Final = frozenset({"completion_tokens", "completion_reasoning_tokens"})
"""Metrics of embeddings that litellm has zeros for."""


def _like(
    endpoint: Endpoint,
    function: str,
    *,
    describe: Callable[[Any], Description] | None = None,
    accumulator: Callable[[], Accumulator] | None = None,
) -> Endpoint:
    """An endpoint of OpenAI's as a function of litellm: the same but for what litellm adds to answers."""
    describe_answer = describe or endpoint.response

    def response(answer: Any) -> Description:
        return answered(answer, describe_answer(answer))

    return replace(endpoint, method="", path=function, response=response, accumulator=accumulator)


def _chat(answer: Any) -> Description:
    described = CHAT_COMPLETIONS.response(answer)
    described.output = told_choices(fields_of(answer).get("choices"))
    return described


def _text(answer: Any) -> Description:
    described = COMPLETIONS.response(answer)
    described.output = told_choices(fields_of(answer).get("choices"))
    return described


def _embeddings(answer: Any) -> Description:
    described = answered(answer, EMBEDDINGS.response(answer))
    described.metrics = _without(described.metrics, _NOT_GENERATED)
    described.attributes = _without(described.attributes, {attributes.GEN_AI_USAGE_OUTPUT_TOKENS})
    return described


def _without(fields: Mapping[str, _Value], names: Collection[str]) -> dict[str, _Value]:
    return {name: value for name, value in fields.items() if name not in names}


def _streamed(endpoint: Endpoint) -> Callable[[], Accumulator]:
    """Accumulators of OpenAI's that also keep what litellm's chunks say besides."""
    make = endpoint.accumulator
    if make is None:
        raise ValueError(f"{endpoint.span_name} is never streamed")
    return lambda: PartsAccumulator(make())


_RESPONSES: Final = RESPONSES[0]

CHAT: Final = _like(CHAT_COMPLETIONS, "completion", describe=_chat, accumulator=_streamed(CHAT_COMPLETIONS))
TEXT: Final = _like(COMPLETIONS, "text_completion", describe=_text, accumulator=_streamed(COMPLETIONS))
RESPONSE: Final = _like(_RESPONSES, "responses", accumulator=EventAccumulator)
EMBEDDING: Final = replace(EMBEDDINGS, method="", path="embedding", response=_embeddings)
IMAGE: Final = _like(GENERATIONS, "image_generation")
MODERATION: Final = _like(MODERATIONS, "moderation")
SPOKEN: Final = _like(SPEECH, "speech")
TRANSCRIPTION: Final = _like(TRANSCRIPTIONS, "transcription")

ENDPOINTS: Final = (CHAT, TEXT, RESPONSE, EMBEDDING, IMAGE, MODERATION, SPOKEN, TRANSCRIPTION)

BY_FUNCTION: Final[Mapping[str, Endpoint]] = {
    **{endpoint.path: endpoint for endpoint in ENDPOINTS},
    **{f"a{endpoint.path}": endpoint for endpoint in ENDPOINTS},
}
"""What each function is described as, the asynchronous ones among them."""
