"""The chunks of a streamed chat completion, put together."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final, cast

from spanscore.integrations._plain import Fields, plain, text
from spanscore.integrations.openai._chunk import chunk_fields, listed

_HEAD: Final = ("id", "model", "created", "system_fingerprint", "service_tier")
_CONTENT: Final = {"content"}
_WHOLE: Final = frozenset({"index", "id", "type", "role", "format"})
"""Fields that come whole, by some servers repeatedly; every other string arrives in parts."""


class _Text(list[str]):
    """A string that arrives in parts; joined at the end, so that a long answer costs linear time."""


class ChatAccumulator:
    """Merges the deltas of each choice; what comes out has the shape of a whole chat completion."""

    __slots__ = ("_choices", "_head")

    def __init__(self) -> None:
        self._head: dict[str, Any] = {}
        self._choices: dict[int, _Choice] = {}

    def add(self, chunk: Any) -> None:
        if not self._append(chunk):
            self._merge(chunk_fields(chunk))

    def response(self) -> Mapping[str, Any]:
        return {**self._head, "choices": [self._choices[index].whole() for index in sorted(self._choices)]}

    def _append(self, chunk: Any) -> bool:
        """Take a chunk that is one more part of a choice's content and nothing else, as nearly all are."""
        try:
            fields = chunk.__dict__
            (choice,) = fields["choices"]
            told = choice.__dict__
            delta = told["delta"]
            if (
                delta.__pydantic_fields_set__ != _CONTENT
                or delta.__pydantic_extra__
                or told["finish_reason"] is not None
                or told["logprobs"] is not None
                or fields["usage"] is not None
            ):
                return False
            content = delta.__dict__["content"]
            if type(content) is not str:
                return False
            self._choices[told["index"]].texts["content"].append(content)
        except (AttributeError, KeyError, TypeError, ValueError):
            return False
        return True

    def _merge(self, fields: Fields) -> None:
        # Azure begins with a chunk that names neither itself nor the model.
        if not self._head.get("model"):
            self._head.update({name: fields[name] for name in _HEAD if fields.get(name) is not None})
        usage = fields.get("usage")
        if usage is None and "x_groq" in fields:
            usage = chunk_fields(fields["x_groq"]).get("usage")
        if usage is not None:
            self._head["usage"] = usage
        for choice in listed(fields.get("choices")):
            told = chunk_fields(choice)
            index = told.get("index")
            key = index if type(index) is int else 0
            known = self._choices.get(key)
            if known is None:
                known = self._choices[key] = _Choice(key)
            known.merge(told)


class _Choice:
    """One choice; `texts` are the fields of its message that arrive in parts."""

    __slots__ = ("_finish_reason", "_index", "_logprobs", "_message", "texts")

    def __init__(self, index: int) -> None:
        self._index = index
        self._message: dict[str, Any] = {}
        self._finish_reason: Any = None
        self._logprobs: dict[str, Any] = {}
        self.texts: dict[str, _Text] = {}

    def merge(self, choice: Fields) -> None:
        for name, value in chunk_fields(choice.get("delta")).items():
            if value is None:
                continue
            parts = self.texts.get(name)
            if parts is not None and type(value) is str:
                parts.append(value)
            else:
                self._merge_field(name, value)
        reason = choice.get("finish_reason")
        if reason is not None:
            self._finish_reason = reason
        logprobs = choice.get("logprobs")
        if logprobs is not None:
            self._merge_logprobs(logprobs)

    def whole(self) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": None, **_joined(self._message)}
        if "tool_calls" in message:
            message["tool_calls"] = list(message["tool_calls"].values())
        data = chunk_fields(self._message.get("audio")).get("data")
        if isinstance(data, _Text):
            message["audio"]["data"] = _joined_base64(data)
        return {
            "index": self._index,
            "message": message,
            "logprobs": _joined(self._logprobs) or None,
            "finish_reason": self._finish_reason,
        }

    def _merge_logprobs(self, logprobs: Any) -> None:
        fields = chunk_fields(logprobs)
        received = getattr(logprobs, "__pydantic_fields_set__", fields)
        for name, tokens in fields.items():
            if isinstance(tokens, list):
                _merge(self._logprobs, name, tokens)
            elif name in received:
                self._logprobs.setdefault(name, tokens)

    def _merge_field(self, name: str, value: Any) -> None:
        message = self._message
        if name == "tool_calls":
            for call in listed(value):
                _merge_tool_call(message.setdefault(name, {}), chunk_fields(call))
        elif name == "function_call":
            _merge_function(message.setdefault(name, {}), chunk_fields(value))
        elif name == "reasoning_details":
            for detail in listed(value):
                _merge_detail(message.setdefault(name, []), detail)
        elif name == "content" and (isinstance(value, list) or type(message.get(name)) is list):
            self.texts.pop(name, None)
            _merge_content(message, value)
        else:
            _merge(message, name, value)
            now = message[name]
            if isinstance(now, _Text):
                self.texts[name] = now
            else:
                self.texts.pop(name, None)


def _merge_content(message: dict[str, Any], value: Any) -> None:
    """Merge content that comes as a list of parts, by some servers with text in between that is none."""
    known = message.get("content")
    if not isinstance(known, list) or isinstance(known, _Text):
        begun = isinstance(known, _Text) and any(known)
        message["content"] = [{"type": "text", "text": known}] if begun else []
    parts: list[Any] = message["content"]
    last = chunk_fields(parts[-1]).get("text") if parts else None
    if not isinstance(value, str):
        parts.extend(listed(value))
    elif isinstance(last, _Text):
        last.append(value)
    else:
        parts.append({"type": "text", "text": _Text([value])})


def _merge_tool_call(calls: dict[Any, dict[str, Any]], delta: Fields) -> None:
    """Merge one delta into the calls by its index; where servers give none, an id begins another call."""
    key = delta.get("index")
    if type(key) is not int:
        key = text(delta.get("id")) or next(reversed(calls), None)
    call = calls.setdefault(key, {})
    for name, value in delta.items():
        if value is None or name == "index":
            continue
        if name in ("function", "custom"):
            _merge_function(call.setdefault(name, {}), chunk_fields(value))
        else:
            _merge(call, name, value)


def _merge_function(function: dict[str, Any], delta: Fields) -> None:
    for name, value in delta.items():
        # Some servers repeat the whole name with every part of the arguments.
        if value is not None and not (name == "name" and function.get(name) == [value]):
            _merge(function, name, value)


def _merge_detail(details: list[Any], delta: Any) -> None:
    """Merge a part of a reasoning detail, as gateways stream them, into the one of its index and type."""
    fields = chunk_fields(delta)
    place = fields.get("index"), fields.get("type")
    known = (
        one for one in details if (chunk_fields(one).get("index"), chunk_fields(one).get("type")) == place
    )
    detail: dict[str, Any] | None = next(known, None) if type(place[0]) is int else None
    if detail is None:
        detail = {}
        details.append(detail if fields else delta)
    for name, value in fields.items():
        if value is not None or name not in detail:
            _merge(detail, name, value)


def _merge(into: dict[str, Any], name: str, value: Any) -> None:
    old = into.get(name)
    if isinstance(value, str):
        if isinstance(old, _Text):
            old.append(value)
        else:
            into[name] = value if name in _WHOLE else _Text([value])
    elif isinstance(value, list):
        _extend(into, name, cast("list[Any]", value))
    elif fields := chunk_fields(value):
        merged: dict[str, Any] = into.setdefault(name, {}) if isinstance(old, dict | None) else {}
        for key, part in fields.items():
            if part is not None:
                _merge(merged, key, part)
        into[name] = merged
    else:
        into[name] = value


def _extend(into: dict[str, Any], name: str, items: list[Any]) -> None:
    """Add to a list of ours; the first one that comes is the client's, and copied."""
    old: Any = into.get(name)
    if isinstance(old, list) and not isinstance(old, _Text):
        cast("list[Any]", old).extend(items)
    else:
        into[name] = list(items)


def _joined(value: Any) -> Any:
    if isinstance(value, _Text):
        return "".join(value)
    if isinstance(value, dict):
        return {name: _joined(part) for name, part in cast("dict[Any, Any]", value).items()}
    if isinstance(value, list):
        return [_joined(part) for part in cast("list[Any]", value)]
    return plain(value)


def _joined_base64(parts: list[str]) -> str:
    """One base64 text of parts that are each encoded for themselves, so that any may end in padding."""
    if not any("=" in part for part in parts[:-1]):
        return "".join(parts)
    try:
        data = b"".join(base64.b64decode(part, validate=True) for part in parts)
    except (binascii.Error, ValueError):
        return "".join(parts)
    return base64.b64encode(data).decode()
