"""How the model calls of the Agents SDK are described: as those of the clients that make them."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Final, cast
from urllib.parse import urlsplit

from spanscore.integrations._endpoint import Description, Request
from spanscore.integrations._plain import fields_of, plain, text
from spanscore.integrations.openai._chat import CHAT_COMPLETIONS
from spanscore.integrations.openai._responses import RESPONSES
from spanscore.integrations.openai._service import service_of
from spanscore.wire import attributes

CHAT_NAME: Final = CHAT_COMPLETIONS.span_name
RESPONSE_NAME: Final = RESPONSES[0].span_name

_OF_THE_REQUEST: Final = (
    "instructions",
    "max_output_tokens",
    "max_tool_calls",
    "model",
    "parallel_tool_calls",
    "temperature",
    "text",
    "tool_choice",
    "tools",
    "top_p",
)
"""What a response repeats of its request."""


def asked_for_response(data: Any) -> Description:
    """What the Responses API was asked: the span has the input, the response repeats the rest."""
    response = fields_of(data.response)
    repeated = {name: plain(response[name]) for name in _OF_THE_REQUEST if response.get(name) is not None}
    asked = RESPONSES[0].request(Request(body={"input": plain(data.input), **repeated}))
    return _of_provider(asked, "openai", "openai")


def responded(data: Any) -> Description:
    """What the Responses API has answered; its tokens alone where the content is not to be traced."""
    if data.response is not None:
        return RESPONSES[0].response(data.response)
    return RESPONSES[0].response({"usage": _reported(getattr(data, "usage", None))})


def asked_for_chat(data: Any) -> Description:
    """What a chat model was asked."""
    settings = fields_of(data.model_config)
    body = {**settings, "messages": plain(data.input), "model": data.model}
    asked = CHAT_COMPLETIONS.request(Request(body=body))
    name, gen_ai_name = _provider(text(data.model), settings)
    return _of_provider(asked, name, gen_ai_name)


def chatted(data: Any) -> Description:
    """What a chat model has answered."""
    outputs = cast("Sequence[Any]", data.output or ())
    choices = [{"index": index, "message": _message(output)} for index, output in enumerate(outputs)]
    return CHAT_COMPLETIONS.response({"choices": choices or None, "usage": _reported(data.usage)})


def asked_to_transcribe(data: Any) -> Description:
    """What a model was asked to write down."""
    audio = {"type": "input_audio", "input_audio": {"data": data.input, "format": data.input_format}}
    heard = [{"role": "user", "content": [audio]}] if data.input else None
    return _asked_of_voice(data, heard)


def asked_to_speak(data: Any) -> Description:
    """What a model was asked to say."""
    return _asked_of_voice(data, data.input or None)


def spoken(data: Any) -> Description:
    """What a model has said."""
    return Description(output={"data": data.output, "format": data.output_format} if data.output else None)


def _asked_of_voice(data: Any, given: Any) -> Description:
    model = text(data.model)
    asked = Description(input=given, metadata={"model": model} if model else {})
    return _of_provider(asked, "openai", "openai")


def _of_provider(asked: Description, name: str, gen_ai_name: str) -> Description:
    return Description(
        input=asked.input,
        metadata={**asked.metadata, "provider": name},
        more=asked.more,
        attributes={**asked.attributes, attributes.GEN_AI_PROVIDER_NAME: gen_ai_name},
    )


def _provider(model: str | None, settings: Mapping[str, Any]) -> tuple[str, str]:
    """Whoever bills, by the address of the service, or by the prefix of a model that a library resolves."""
    if text(settings.get("model_impl")) and model and "/" in model:
        name = model.partition("/")[0]
        return name, name
    address = urlsplit(text(settings.get("base_url")) or "")
    url = SimpleNamespace(scheme=address.scheme, host=address.hostname or "", port=address.port)
    service = service_of(SimpleNamespace(base_url=url))
    return service.name, service.gen_ai_name


def _message(output: Any) -> Any:
    """The message of an answer. Where one was streamed the span has it as the output of a response."""
    given = fields_of(output)
    items = given.get("output")
    if not isinstance(items, list):
        return {key: value for key, value in given.items() if value is not None or key == "content"}
    parts = [fields_of(item) for item in cast("list[Any]", items)]
    said = [_text(part) for part in parts if part.get("type") == "message"]
    calls = [_tool_call(part) for part in parts if part.get("type") == "function_call"]
    message = {"role": "assistant", "content": "".join(said) or None}
    return {**message, "tool_calls": calls} if calls else message


def _text(item: Mapping[str, Any]) -> str:
    contents = item.get("content")
    parts = cast("list[Any]", contents) if isinstance(contents, list) else []
    return "".join(text(fields_of(part).get("text")) or "" for part in parts)


def _tool_call(item: Mapping[str, Any]) -> dict[str, Any]:
    function = {"name": item.get("name"), "arguments": item.get("arguments")}
    return {"id": item.get("call_id"), "type": "function", "function": function}


def _reported(usage: Any) -> dict[str, Any]:
    """The usage without the zeros that the SDK puts where a provider reports nothing."""
    told = {
        name: _reported(count) if isinstance(count, Mapping) else count
        for name, count in fields_of(usage).items()
    }
    return {name: count for name, count in told.items() if count}
