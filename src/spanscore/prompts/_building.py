"""A prompt's data with variables filled in: the arguments of a call of a model."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, cast

from spanscore._json import from_json
from spanscore.errors import PromptError
from spanscore.prompts._template import render

_NOT_A_MODELS: Final = frozenset({"use_cache"})
"""Parameters that are meant for Braintrust's proxy alone."""

_TEXTS: Final[Mapping[str, Sequence[str]]] = {
    "text": ("text",),
    "image_url": ("image_url.url",),
    "file": ("file.file_data", "file.file_id", "file.filename"),
}
"""Where a part of a message has templates, by its type."""

_Fill = Callable[[str], str]
_Object = Mapping[str, Any]


def built(
    prompt_data: _Object, variables: _Object, *, defaults: _Object, strict: bool = False
) -> dict[str, Any]:
    """The keyword arguments of a call: model, parameters, and `messages` and `tools`, or `prompt`.

    `defaults` give way to what the prompt says. Raises PromptError if there is no model or no prompt.
    """
    fill = partial(render, variables=variables, strict=strict)
    options: _Object = prompt_data.get("options") or {}
    arguments = {**defaults, **_parameters(options.get("params") or {}, fill)}
    if options.get("model"):
        arguments["model"] = options["model"]
    if not arguments.get("model"):
        raise PromptError("the prompt names no model; give one in it, or load_prompt(defaults={'model': …})")
    return {**arguments, **_filled(prompt_data.get("prompt") or {}, fill)}


def _filled(block: _Object, fill: _Fill) -> dict[str, Any]:
    if block.get("type") == "completion":
        return {"prompt": fill(block.get("content") or "")}
    if block.get("type") != "chat":
        raise PromptError(f"the prompt is empty, or of a type that is not known: {block.get('type')!r}")
    filled: dict[str, Any] = {"messages": [_message(each, fill) for each in block.get("messages") or ()]}
    tools = block.get("tools")
    if isinstance(tools, str) and tools.strip():
        filled["tools"] = _parsed(fill(tools), "tools")
    return filled


def _message(message: _Object, fill: _Fill) -> dict[str, Any]:
    filled = {key: value for key, value in message.items() if value is not None}
    content = message.get("content")
    if isinstance(content, str):
        filled["content"] = fill(content)
    elif isinstance(content, Sequence):
        filled["content"] = [_part(part, fill) for part in cast("Sequence[Any]", content)]
    else:
        filled["content"] = None
    if message.get("tool_calls") is not None:
        filled["tool_calls"] = [_tool_call(each, fill) for each in message["tool_calls"]]
    if message.get("tool_call_id") is not None:
        filled["tool_call_id"] = fill(message["tool_call_id"])
    return filled


def _part(part: Any, fill: _Fill) -> Any:
    """One part of a message with its templates filled in; of a type that is not known it stays as it is."""
    if not isinstance(part, Mapping):
        return part
    filled: dict[str, Any] = dict(cast("_Object", part))
    for path in _TEXTS.get(str(filled.get("type")), ()):
        outer, _, inner = path.partition(".")
        held = filled.get(outer)
        if not inner and isinstance(held, str):
            filled[outer] = fill(held)
        elif isinstance(held, Mapping) and isinstance(text := cast("_Object", held).get(inner), str):
            filled[outer] = {**cast("_Object", held), inner: fill(text)}
    return filled


def _tool_call(call: _Object, fill: _Fill) -> dict[str, Any]:
    function: _Object = call.get("function") or {}
    texts = {key: fill(text) if isinstance(text, str) else text for key, text in function.items()}
    return {**call, "id": fill(str(call.get("id") or "")), "function": texts}


def _parameters(parameters: _Object, fill: _Fill) -> dict[str, Any]:
    """The parameters for the model; the JSON schema of a response format may have templates too."""
    given = {key: value for key, value in parameters.items() if key not in _NOT_A_MODELS}
    form: Any = given.get("response_format")
    if not (isinstance(form, Mapping) and cast("_Object", form).get("type") == "json_schema"):
        return given
    described: Any = cast("_Object", form).get("json_schema")
    if not isinstance(described, Mapping) or cast("_Object", described).get("schema") is None:
        return given
    schema = _everywhere(cast("_Object", described)["schema"], fill)
    if isinstance(schema, str):
        schema = _parsed(schema, "response_format")
    return {**given, "response_format": {**form, "json_schema": {**described, "schema": schema}}}


def _everywhere(value: Any, fill: _Fill) -> Any:
    """`value` with each text in it filled in."""
    if isinstance(value, str):
        return fill(value)
    if isinstance(value, Mapping):
        return {key: _everywhere(item, fill) for key, item in cast("_Object", value).items()}
    if isinstance(value, list):
        return [_everywhere(item, fill) for item in cast("list[Any]", value)]
    return value


def _parsed(text: str, what: str) -> Any:
    try:
        return from_json(text)
    except ValueError as error:
        raise PromptError(f"the prompt's {what} are no JSON once built: {error}") from error
