"""What litellm's answers say besides, and what they have in them that the provider did not say."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, cast

from opentelemetry.util.types import AttributeValue

from spanscore.integrations._endpoint import Description
from spanscore.integrations._plain import Fields, fields_of, plain, text
from spanscore.integrations.litellm._provider import answered_provider, names_of, without_provider
from spanscore.integrations.litellm._usage import merged_metrics, without_estimates
from spanscore.wire import attributes

HIDDEN: Final = "_hidden_params"
USAGES: Final = "_usages"
"""Where the accumulators of streams put all the usage objects that they have seen."""

_ADDED: Final = frozenset({"provider_specific_fields"})
"""What stands in the other fields too."""

_TOKENS: Final = {
    attributes.GEN_AI_USAGE_INPUT_TOKENS: "prompt_tokens",
    attributes.GEN_AI_USAGE_OUTPUT_TOKENS: "completion_tokens",
}


def answered(answer: Any, described: Description) -> Description:
    """The description with the provider that has answered, its name of the model, and litellm's counts."""
    hidden = _hidden(answer)
    provider = answered_provider(hidden)
    model = without_provider(
        text(hidden.get("provider_response_model")) or described.metadata.get("model"), provider
    )
    metrics = without_estimates(merged_metrics(_usages(answer)), model)
    metadata = dict(described.metadata)
    told = {
        name: value for name, value in described.attributes.items() if name not in _TOKENS
    } | _token_attributes(metrics)
    if model is not None:
        metadata["model"] = model
        told[attributes.GEN_AI_RESPONSE_MODEL] = model
    if provider is not None:
        metadata["provider"], told[attributes.GEN_AI_PROVIDER_NAME] = names_of(provider)
    return replace(described, metadata=metadata, metrics=metrics, attributes=told)


def told_choices(choices: Any) -> Any:
    """The choices in OpenAI's form; a message without the fields that say nothing, but with its content."""
    if not isinstance(choices, list):
        return plain(choices)
    return [_choice(plain(choice)) for choice in cast("list[Any]", choices)]


def _choice(choice: Any) -> Any:
    if not isinstance(choice, Mapping):
        return choice
    fields = cast("Fields", choice)
    told = {
        name: value
        for name, value in fields.items()
        if name not in _ADDED and not (name == "logprobs" and value is None)
    }
    message = told.get("message")
    return {**told, "message": _message(cast("Fields", message))} if isinstance(message, Mapping) else told


def _message(message: Fields) -> dict[str, Any]:
    told = {
        name: value
        for name, value in message.items()
        if name not in _ADDED and (value is not None or name == "content")
    }
    calls = told.get("tool_calls")
    if isinstance(calls, list):
        told["tool_calls"] = [_call(call) for call in cast("list[Any]", calls)]
    return told


def _call(call: Any) -> Any:
    """A call of a tool, without its place among the blocks of the provider's answer."""
    if not isinstance(call, Mapping):
        return call
    return {name: value for name, value in cast("Fields", call).items() if name != "index"}


def _hidden(answer: Any) -> Fields:
    if isinstance(answer, Mapping):
        return fields_of(cast("Fields", answer).get(HIDDEN))
    return fields_of(getattr(answer, HIDDEN, None))


def _usages(answer: Any) -> list[Any]:
    fields = fields_of(answer)
    usages = fields.get(USAGES)
    return cast("list[Any]", usages) if isinstance(usages, list) else [fields.get("usage")]


def _token_attributes(metrics: Mapping[str, int]) -> dict[str, AttributeValue]:
    return {name: metrics[metric] for name, metric in _TOKENS.items() if metric in metrics}
