"""The events of a streamed message, put together."""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from spanscore.integrations._plain import Fields, fields_of, json_value, plain, text

_PART: Final = {
    "text_delta": "text",
    "thinking_delta": "thinking",
    "input_json_delta": "partial_json",
}
"""What arrives in parts, by the type of the delta."""

_FINAL_IN_DELTA: Final = ("output_tokens", "output_tokens_details")
"""Counts for which the start of a message has placeholders."""


class MessageAccumulator:
    """Merges the deltas of each block; what comes out has the shape of a whole message.

    Of a message that breaks off, the input of a tool that is incomplete stays the text that has come.
    """

    def __init__(self) -> None:
        self._head: dict[str, Any] = {}
        self._usage: dict[str, Any] = {}
        self._blocks: dict[int, _Block] = {}
        self._at: Any = None
        self._block = _Block(None)
        self._take: dict[str, Callable[[Fields], None]] = {
            "content_block_start": self._start_block,
            "message_start": self._start_message,
            "message_delta": self._finish_message,
            "error": self._fail,
        }

    def add(self, chunk: Any) -> None:
        event = _fields(chunk)
        kind = event.get("type")
        if kind == "content_block_delta":
            index = event.get("index")
            block = self._block if index == self._at else self._block_at(index)
            block.add(event.get("delta"))
            return
        take = self._take.get(kind) if type(kind) is str else None
        if take is not None:
            take(fields_of(chunk))

    def response(self) -> Mapping[str, Any]:
        whole = dict(self._head)
        if whole or self._blocks:
            whole["content"] = [self._blocks[index].whole() for index in sorted(self._blocks)]
        if self._usage:
            whole["usage"] = dict(self._usage)
        return whole

    def _start_message(self, event: Fields) -> None:
        message = dict(fields_of(event.get("message")))
        content, usage = message.pop("content", None), message.pop("usage", None)
        self._head.update(_told(message))
        counts = fields_of(plain(usage))
        self._usage.update(_told({name: counts[name] for name in counts if name not in _FINAL_IN_DELTA}))
        if isinstance(content, list):
            for index, block in enumerate(cast("list[Any]", content)):
                self._blocks[index] = _Block(block)

    def _start_block(self, event: Fields) -> None:
        index, block = event.get("index"), event.get("content_block")
        self._blocks[index if type(index) is int else 0] = _Block(block)
        self._at = None
        fields = fields_of(block)
        if fields.get("type") == "fallback":
            # Another model goes on; whole messages are labelled with the one that served in the end.
            served_by = text(fields_of(fields.get("to")).get("model"))
            self._head.update({"model": served_by} if served_by else {})

    def _block_at(self, index: Any) -> "_Block":
        """The block that a delta belongs to, which is mostly that of the delta before."""
        key = index if type(index) is int else 0
        self._block = self._blocks.get(key) or self._blocks.setdefault(key, _Block(None))
        self._at = index
        return self._block

    def _finish_message(self, event: Fields) -> None:
        self._head.update(_told(fields_of(event.get("delta"))))
        # Counts are cumulative; those that do not apply are left out, and the start's stay.
        self._usage.update(_told(fields_of(plain(event.get("usage")))))
        rest = {name: value for name, value in event.items() if name not in ("type", "delta", "usage")}
        self._head.update(_told(rest))

    def _fail(self, event: Fields) -> None:
        """Keep the error that the server reports; seen only where the caller reads the events by itself."""
        self._head.update(_told({"error": event.get("error")}))


class _Block:
    """A block as far as it has come; texts are joined at the end, so that a long one costs linear time."""

    __slots__ = ("_citations", "_parts", "_rest", "_start")

    def __init__(self, start: Any) -> None:
        self._start = start
        self._parts: dict[str, list[str]] = {}
        self._citations: list[Any] = []
        self._rest: dict[str, Any] = {}

    def add(self, delta: Any) -> None:
        fields = _fields(delta)
        kind = fields.get("type")
        name = _PART.get(kind) if type(kind) is str else None
        if name is None:
            self._add_whole(fields_of(delta))
            return
        part = fields.get(name)
        if part is None:
            # A kind that an older client does not know: it takes the delta for another, and keeps the rest.
            part = fields_of(delta).get(name)
        if type(part) is str:
            parts = self._parts.get(name)
            if parts is None:
                self._parts[name] = [part]
            else:
                parts.append(part)

    def whole(self) -> dict[str, Any]:
        block = {**fields_of(plain(self._start)), **self._rest}
        for name, parts in self._parts.items():
            joined = "".join(parts)
            if name != "partial_json":
                block[name] = (text(block.get(name)) or "") + joined
            elif joined:
                block["input"] = _input(joined)
        if self._citations:
            before: Any = block.get("citations")
            block["citations"] = [*(before if isinstance(before, list) else ()), *self._citations]
        return block

    def _add_whole(self, delta: Fields) -> None:
        """Take a delta that is no part of a text: a citation is one more, anything else replaces."""
        for name, value in _told(delta).items():
            if name == "citation":
                self._citations.append(value)
            elif name != "type":
                self._rest[name] = value


def _input(joined: str) -> Any:
    value = json_value(joined.encode("utf-8", "surrogatepass"))
    return joined if value is None else value


def _told(fields: Fields) -> dict[str, Any]:
    return {name: plain(value) for name, value in fields.items() if value is not None}


def _fields(value: Any) -> Fields:
    """`fields_of` in a third of the time, for fields that the client knows."""
    if type(value) is dict:
        return cast("Fields", value)
    return getattr(value, "__dict__", None) or fields_of(value)
