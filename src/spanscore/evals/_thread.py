"""The conversation that the calls of models in a trace make up, whatever providers they went to."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, cast

from spanscore._json import canonical_json, to_json
from spanscore.integrations._messages import input_messages, output_messages
from spanscore.wire.rows import Row

Message = dict[str, Any]
"""A message: `role`, and `content`, a text or a list of parts that have a `type`."""

_CONTENTS: Final = ("contents", "candidates", "messages", "role", "type", "message")
"""Keys that a message, or what holds messages, has one of."""

_NOTHING_SAID: Final = ("embedding_length", "flagged")
"""Keys of what embeddings and moderations answer."""


def thread_of(rows: Sequence[Row]) -> list[Message]:
    """The messages of the model calls among `rows`, which are in the order in which they began.

    Of a call's input only what has not been said yet is taken: a chat repeats its history in each call. What
    the model answers always counts. A call below another call is that call told again.
    """
    told: list[Message] = []
    said = Counter[bytes]()
    names: dict[Any, str] = {}
    for row in _calls(rows):
        again = Counter[bytes]()
        for message in _messages(_asked(row.input), names):
            key = _key(message)
            again[key] += 1
            if again[key] > said[key]:
                told.append(message)
        said |= again
        for message in _messages(_answered(row.output), names):
            said[_key(message)] += 1
            told.append(message)
    return told


def _calls(rows: Sequence[Row]) -> Iterator[Row]:
    above = {row.span_id: row for row in rows}
    for row in rows:
        if row.type != "llm" or _says_nothing(row.output):
            continue
        parent = above.get(row.parent_span_id or "")
        while parent is not None and parent.type != "llm":
            parent = above.get(parent.parent_span_id or "")
        if parent is None:
            yield row


def _says_nothing(output: Any) -> bool:
    items: list[Any] = cast("list[Any]", output) if isinstance(output, list) else [output]
    return any(key in _fields(item) for item in items[:1] for key in _NOTHING_SAID)


def _asked(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, Any]", value)
        if isinstance(fields.get("messages"), list):
            value = fields["messages"]
        elif (system := fields.get("systemInstruction")) is not None:
            # Google's models are told what to be beside the contents.
            told = input_messages({"contents": [{"role": "system", **_fields(system)}]})
            return [*told, *input_messages(value)]
    return [] if value is None else input_messages(_readable(value))


def _answered(value: Any) -> list[dict[str, Any]]:
    return [] if value is None else output_messages(_readable(value))


def _readable(value: Any) -> Any:
    """What has messages in it, as it is; anything else as a text."""
    items: list[Any] = cast("list[Any]", value) if isinstance(value, list) else [value]
    known = all(isinstance(item, str) or any(key in _fields(item) for key in _CONTENTS) for item in items)
    return cast("Any", value) if known else str(to_json(value))


def _messages(messages: Iterable[Mapping[str, Any]], names: dict[Any, str]) -> Iterator[Message]:
    """Messages of OpenTelemetry's shape in the one that Braintrust's threads have.

    `names` keeps the tools' names by the ids of their calls.
    """
    for message in messages:
        parts = [_fields(part) for part in message["parts"]]
        for part in parts:
            if part.get("type") == "tool_call":
                names[part.get("id")] = str(part.get("name"))
        results = [part for part in parts if part.get("type") == "tool_call_response"]
        said = [part for part in parts if part.get("type") != "tool_call_response"]
        if results:
            yield {"role": "tool", "content": [_result(part, names) for part in results]}
        if said or not results:
            yield {"role": _role(message, said), "content": _content(said)}


def _role(message: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> str:
    """The role; a call of a tool or a thought is the assistant's, even where it is among what was asked."""
    if any(part.get("type") in ("tool_call", "reasoning") for part in parts):
        return "assistant"
    return str(message["role"])


def _content(parts: Sequence[Mapping[str, Any]]) -> Any:
    if all(part.get("type") == "text" for part in parts):
        return "".join(str(part.get("content") or "") for part in parts)
    return [_PARTS.get(str(part.get("type")), dict)(part) for part in parts]


def _call(part: Mapping[str, Any]) -> dict[str, Any]:
    arguments = part.get("arguments")
    kind = "valid" if isinstance(arguments, Mapping) else "invalid"
    return {
        "type": "tool_call",
        "tool_call_id": str(part.get("id") or ""),
        "tool_name": str(part.get("name")),
        "arguments": {"type": kind, "value": arguments},
    }


def _result(part: Mapping[str, Any], names: Mapping[Any, str]) -> dict[str, Any]:
    return {
        "type": "tool_result",
        "tool_call_id": str(part.get("id") or ""),
        "tool_name": names.get(part.get("id"), ""),
        "output": part.get("response"),
    }


_PARTS: Final[Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "text": lambda part: {"type": "text", "text": str(part.get("content") or "")},
    "reasoning": lambda part: {"type": "reasoning", "text": str(part.get("content") or "")},
    "tool_call": _call,
}


def _fields(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _key(message: Message) -> bytes:
    return canonical_json(to_json(message))
