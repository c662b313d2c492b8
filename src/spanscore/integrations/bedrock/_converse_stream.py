"""The events of a streamed answer of the Converse API, put together."""

from collections.abc import Mapping
from typing import Any, Final, cast

from spanscore.integrations._plain import Fields, fields_of, json_value

_WHOLE: Final = frozenset({"toolUseId", "name", "type", "status", "format"})
"""Fields that come whole, when a block begins; every other string, and all bytes, arrive in parts."""


class _Text(list[str]):
    """A string that arrives in parts; joined at the end, so that a long answer costs linear time."""


class _Bytes(list[bytes]):
    """The same for bytes."""


class ConverseAccumulator:
    """Merges the deltas of each content block; what comes out has the shape of a whole answer."""

    def __init__(self) -> None:
        self._blocks: dict[int, dict[str, Any]] = {}
        self._told: dict[str, Any] = {}

    def add(self, chunk: Any) -> None:
        event = fields_of(chunk)
        if "contentBlockDelta" in event:
            self._add(fields_of(event["contentBlockDelta"]), "delta")
        elif "contentBlockStart" in event:
            self._add(fields_of(event["contentBlockStart"]), "start")
        else:
            for name in ("messageStart", "messageStop", "metadata"):
                self._told.update(fields_of(event.get(name)))

    def response(self) -> Mapping[str, Any]:
        told = dict(self._told)
        content = [_whole_block(self._blocks[index]) for index in sorted(self._blocks)]
        message = {"role": told.pop("role", "assistant"), "content": content}
        return {"output": {"message": message}, **told}

    def _add(self, event: Fields, member: str) -> None:
        index = event.get("contentBlockIndex")
        block = self._blocks.setdefault(index if isinstance(index, int) else 0, {})
        for name, value in fields_of(event.get(member)).items():
            if name == "citation":
                block[name] = [*block.get(name, ()), value]
            else:
                # Only the result of a tool has parts that are a list.
                _merge(block, name, {"content": value} if isinstance(value, list) else value)


def _merge(into: dict[str, Any], name: str, value: Any) -> None:
    old = into.get(name)
    if isinstance(value, str) and name not in _WHOLE:
        if isinstance(old, _Text):
            old.append(value)
        else:
            into[name] = _Text([value])
    elif isinstance(value, bytes):
        if isinstance(old, _Bytes):
            old.append(value)
        else:
            into[name] = _Bytes([value])
    elif isinstance(value, list):
        into[name] = [*cast("list[Any]", old if isinstance(old, list) else []), *cast("list[Any]", value)]
    elif isinstance(value, Mapping):
        merged: dict[str, Any] = cast("dict[str, Any]", old) if isinstance(old, dict) else {}
        for key, part in cast("Mapping[str, Any]", value).items():
            _merge(merged, key, part)
        into[name] = merged
    else:
        into[name] = value


def _whole_block(block: Mapping[str, Any]) -> dict[str, Any]:
    """A content block as a whole answer would have it."""
    told = cast("dict[str, Any]", _joined(block))
    if "toolUse" in told:
        used = fields_of(told["toolUse"])
        return {**told, "toolUse": {**used, "input": _tool_input(used.get("input"))}}
    if "reasoningContent" in told:
        return {"reasoningContent": _reasoning(fields_of(told["reasoningContent"]))}
    if "citation" in told:
        content = [{"text": told["text"]}] if "text" in told else []
        return {"citationsContent": {"content": content, "citations": told["citation"]}}
    return told


def _tool_input(given: Any) -> Any:
    """The arguments as an object; what is no JSON, since the answer broke off or the model erred, as text."""
    if not given:
        return {}
    parsed = json_value(given.encode()) if isinstance(given, str) else None
    return given if parsed is None else parsed


def _reasoning(given: Fields) -> Fields:
    return given if "redactedContent" in given else {"reasoningText": given}


def _joined(value: Any) -> Any:
    if isinstance(value, _Text):
        return "".join(value)
    if isinstance(value, _Bytes):
        return b"".join(value)
    if isinstance(value, dict):
        return {name: _joined(part) for name, part in cast("dict[Any, Any]", value).items()}
    return value
