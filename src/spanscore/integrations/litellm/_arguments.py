"""The arguments of litellm's functions as the body of a request in OpenAI's form."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, cast

from spanscore.integrations import _span_info
from spanscore.integrations._plain import fields_of, plain
from spanscore.integrations._span_info import SpanInfo
from spanscore.integrations.litellm._provider import model_of

_OWN: Final = frozenset(
    {
        "api_base",
        "api_key",
        "api_version",
        "base_url",
        "client",
        "custom_llm_provider",
        "default_headers",
        "extra_headers",
        "file",
        "headers",
        "logger_fn",
        "mock_response",
        "original_function",
        "self",
        "shared_session",
    }
)
"""Arguments that say how to call, not what is asked: whom, with whose key, by which object."""

_DATA: Final = (str, int, float, list, tuple, Mapping)


def named(names: Sequence[str], args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """All arguments by name; what was not given is missing."""
    return {**dict(zip(names, args, strict=False)), **kwargs}


def described_body(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked, as OpenAI's API would be: values that are data, the model without its provider."""
    body: dict[str, Any] = {name: value for name, value in arguments.items() if _is_data(name, value)}
    model = model_of(arguments)
    if model is not None:
        body["model"] = model
    if isinstance(body.get("messages"), list):
        # Answers of former calls are often among them as litellm's own objects.
        body["messages"] = [_message(message) for message in body["messages"]]
    wanted = arguments.get("response_format", arguments.get("text_format"))
    if isinstance(wanted, type):
        body["response_format"] = _schema(cast("type[Any]", wanted))
    return body


def without_span_info(kwargs: dict[str, Any]) -> tuple[dict[str, Any], Callable[[], SpanInfo]]:
    """The arguments to send, and how to read what is wanted on the span, given as `span_info`.

    It may stand in `extra_body` too, as for OpenAI's client.
    """
    info = kwargs.get(_span_info.KEY)
    if info is not None:
        kwargs = _without(kwargs)
    extra = kwargs.get("extra_body")
    if isinstance(extra, dict) and _span_info.KEY in extra:
        given = cast("dict[str, Any]", extra)
        info = given[_span_info.KEY] if info is None else info
        kwargs = {**kwargs, "extra_body": _without(given)}
    return kwargs, partial(SpanInfo.of, info)


def _is_data(name: str, value: Any) -> bool:
    return name not in _OWN and not name.startswith(("_", "litellm_")) and isinstance(value, _DATA)


def _without(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != _span_info.KEY}


def _message(message: Any) -> Any:
    """A message; one that is litellm's object without the fields that say nothing."""
    told = plain(message)
    if told is message:
        return message
    return {name: value for name, value in fields_of(told).items() if value is not None or name == "content"}


def _schema(model: type[Any]) -> dict[str, Any]:
    """The JSON schema that a class stands for, in the form of a request."""
    schema = cast("Callable[[], Any] | None", getattr(model, "model_json_schema", None))
    return {"type": "json_schema", "json_schema": {"name": model.__name__, "schema": schema and schema()}}
