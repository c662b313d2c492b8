"""The chunks of a streamed chat completion, put together."""

from collections.abc import Mapping
from typing import Any, Final, cast

from spanscore.instrument._plain import Fields, fields_of, plain

_WHOLE: Final = frozenset({"index", "id", "type", "role"})
"""Fields that come whole, by some servers repeatedly; every other string arrives in parts."""


class _Text(list[str]):
    """A string that arrives in parts; joined at the end, so that a long answer costs linear time."""


class ChatAccumulator:
    """Merges the deltas of each choice; what comes out has the shape of a whole chat completion."""

    def __init__(self) -> None:
        self._head: dict[str, Any] = {}
        self._choices: dict[int, dict[str, Any]] = {}

    def add(self, chunk: Any) -> None:
        fields = fields_of(chunk)
        for name in ("id", "model", "usage"):
            value = fields.get(name)
            if value is not None:
                self._head[name] = value
        for choice in _items(fields.get("choices")):
            self._add_choice(fields_of(choice))

    def response(self) -> Mapping[str, Any]:
        choices = [_whole_choice(index, self._choices[index]) for index in sorted(self._choices)]
        return {**self._head, "choices": choices}

    def _add_choice(self, choice: Fields) -> None:
        index = choice.get("index")
        key = index if isinstance(index, int) else 0
        merged = self._choices.get(key) or self._choices.setdefault(key, {"message": {}})
        _merge_message(merged["message"], fields_of(choice.get("delta")))
        if choice.get("finish_reason") is not None:
            merged["finish_reason"] = choice["finish_reason"]
        if choice.get("logprobs") is not None:
            _merge(merged, "logprobs", choice["logprobs"])


def _whole_choice(index: int, merged: Fields) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": None, **_joined(merged["message"])}
    if "tool_calls" in message:
        message["tool_calls"] = list(message["tool_calls"].values())
    return {
        "index": index,
        "message": message,
        "logprobs": _joined(merged.get("logprobs")),
        "finish_reason": merged.get("finish_reason"),
    }


def _merge_message(message: dict[str, Any], delta: Fields) -> None:
    for name, value in delta.items():
        if value is None:
            continue
        if name == "tool_calls":
            for call in _items(value):
                _merge_tool_call(message.setdefault(name, {}), fields_of(call))
        else:
            _merge(message, name, value)


def _merge_tool_call(calls: dict[Any, dict[str, Any]], delta: Fields) -> None:
    """Merge one delta into the calls by its index; where servers give none, an id begins another call."""
    key = delta.get("index")
    if not isinstance(key, int):
        key = delta.get("id") or next(reversed(calls), None)
    call = calls.setdefault(key, {})
    for name, value in delta.items():
        if name == "function":
            _merge_function(call.setdefault(name, {}), fields_of(value))
        elif name != "index" and value is not None:
            _merge(call, name, value)


def _merge_function(function: dict[str, Any], delta: Fields) -> None:
    for name, value in delta.items():
        # Some servers repeat the whole name with every part of the arguments.
        if value is not None and not (name == "name" and function.get(name) == [value]):
            _merge(function, name, value)


def _merge(into: dict[str, Any], name: str, value: Any) -> None:
    old = into.get(name)
    if isinstance(value, str):
        if isinstance(old, _Text):
            old.append(value)
        else:
            into[name] = value if name in _WHOLE else _Text([value])
    elif isinstance(value, list):
        into[name] = [*_items(old), *cast("list[Any]", value)]
    elif fields := fields_of(value):
        merged: dict[str, Any] = into.setdefault(name, {}) if isinstance(old, dict | None) else {}
        for key, part in fields.items():
            if part is not None:
                _merge(merged, key, part)
        into[name] = merged
    else:
        into[name] = value


def _joined(value: Any) -> Any:
    if isinstance(value, _Text):
        return "".join(value)
    if isinstance(value, dict):
        return {name: _joined(part) for name, part in cast("dict[Any, Any]", value).items()}
    return plain(value)


def _items(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
