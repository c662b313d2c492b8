"""How a model call of LangChain's is described."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from langchain_core.outputs import ChatGeneration

from spanscore.integrations._endpoint import Description
from spanscore.integrations._plain import fields_of, text
from spanscore.integrations.langchain._messages import message_of, messages_of
from spanscore.integrations.langchain._parameters import (
    gen_ai_parameters,
    listed_parameters,
    other_parameters,
)
from spanscore.integrations.langchain._usage import token_metrics
from spanscore.wire import attributes

_PROVIDERS: Final = {
    "amazon_bedrock": "bedrock",
    "amazon_bedrock_converse": "bedrock",
    "aws": "bedrock",
    "google_anthropic_vertex": "google",
    "google_genai": "google",
    "google_vertexai": "google",
    "mistralai": "mistral",
    "openai-codex": "openai",
}
"""LangChain's names of providers that are called otherwise on the spans of their own clients."""

_GEN_AI_PROVIDERS: Final = {
    "amazon_bedrock": "aws.bedrock",
    "amazon_bedrock_converse": "aws.bedrock",
    "azure": "azure.ai.openai",
    "google_anthropic_vertex": "gcp.vertex_ai",
    "google_genai": "gcp.gemini",
    "google_vertexai": "gcp.vertex_ai",
    "mistralai": "mistral_ai",
    "xai": "x_ai",
}

_MODEL: Final = ("model_name", "model", "model_id", "deployment_name", "azure_deployment")
_FINISH_REASON: Final = ("finish_reason", "stop_reason", "stopReason", "done_reason")


def asked_of_chat(messages: Any, parameters: Any, metadata: Mapping[str, Any] | None) -> Description:
    """What a chat model is asked. `metadata` is the run's, in which LangChain names provider and model."""
    return _asked(messages_of(messages), "chat", fields_of(parameters), fields_of(metadata))


def asked_of_text(prompt: str, parameters: Any, metadata: Mapping[str, Any] | None) -> Description:
    """What a model is asked that completes text."""
    messages = [{"role": "user", "content": prompt}]
    return _asked(messages, "text_completion", fields_of(parameters), fields_of(metadata))


def answered(result: Any) -> Description:
    """What a model has answered: LangChain's `LLMResult`."""
    generations = _first(getattr(result, "generations", None))
    said = fields_of(getattr(result, "llm_output", None))
    message: Any = next((_message(one) for one in generations), None)
    response = fields_of(getattr(message, "response_metadata", None))
    model = _model(response) or _model(said)
    metrics = token_metrics(getattr(message, "usage_metadata", None), said)
    choices = [_choice(index, one) for index, one in enumerate(generations)]
    reasons = [reason for choice in choices if (reason := choice["finish_reason"])]
    known = {
        attributes.GEN_AI_RESPONSE_MODEL: model,
        attributes.GEN_AI_RESPONSE_ID: text(response.get("id")),
        attributes.GEN_AI_RESPONSE_FINISH_REASONS: reasons or None,
        attributes.GEN_AI_USAGE_INPUT_TOKENS: metrics.get("prompt_tokens"),
        attributes.GEN_AI_USAGE_OUTPUT_TOKENS: metrics.get("completion_tokens"),
    }
    return Description(
        output=choices or None,
        metadata={"model": model} if model else {},
        more={**said, **response},
        metrics=metrics,
        attributes={key: value for key, value in known.items() if value is not None},
    )


def _asked(
    messages: Sequence[Any], operation: str, given: Mapping[str, Any], metadata: Mapping[str, Any]
) -> Description:
    listed = listed_parameters(given)
    model = text(metadata.get("ls_model_name")) or _model(given)
    provider = text(metadata.get("ls_provider")) or _provider_of(given)
    if model:
        listed["model"] = model
    known = gen_ai_parameters(listed)
    known[attributes.GEN_AI_OPERATION_NAME] = operation
    if provider:
        listed["provider"] = _PROVIDERS.get(provider, provider)
        known[attributes.GEN_AI_PROVIDER_NAME] = _GEN_AI_PROVIDERS.get(provider, provider)
    return Description(input=messages, metadata=listed, more=other_parameters(given), attributes=known)


def _provider_of(given: Mapping[str, Any]) -> str | None:
    """The provider in a model's `_type`, such as "openai-chat"."""
    kind = text(given.get("_type"))
    return kind.removesuffix("-chat") if kind else None


def _choice(index: int, generation: Any) -> dict[str, Any]:
    message = _message(generation)
    told = message_of(message) if message is not None else _text_message(generation)
    facts = {
        **fields_of(getattr(message, "response_metadata", None)),
        **fields_of(getattr(generation, "generation_info", None)),
    }
    reason = next((found for name in _FINISH_REASON if (found := text(facts.get(name)))), None)
    choice = {"index": index, "finish_reason": reason, "message": told}
    return {**choice, "logprobs": facts["logprobs"]} if facts.get("logprobs") else choice


def _text_message(generation: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": getattr(generation, "text", None)}


def _message(generation: Any) -> Any:
    return generation.message if isinstance(generation, ChatGeneration) else None


def _model(facts: Mapping[str, Any]) -> str | None:
    return next((found for name in _MODEL if (found := text(facts.get(name)))), None)


def _first(generations: Any) -> Sequence[Any]:
    """The generations of the first prompt: a run has one."""
    lists = cast("list[Any]", generations) if isinstance(generations, list) else []
    first: Any = lists[0] if lists else None
    return cast("list[Any]", first) if isinstance(first, list) else ()
