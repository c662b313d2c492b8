"""The events of a streamed response, put together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from spanscore.integrations._plain import Fields, plain
from spanscore.integrations.openai._chunk import chunk_fields, listed


@dataclass(frozen=True, eq=False, slots=True)
class _Place:
    """Where a text that arrives in parts belongs: a field of an item, or of a part in one of its lists."""

    item: str
    text: str
    parts: str = ""
    part: str = ""
    index: str = "output_index"


_PLACES: Final = {
    "code_interpreter_call_code": _Place("code_interpreter_call", "code"),
    "custom_tool_call_input": _Place("custom_tool_call", "input"),
    "function_call_arguments": _Place("function_call", "arguments"),
    "mcp_call_arguments": _Place("mcp_call", "arguments"),
    "output_text": _Place("message", "text", "content", "output_text", "content_index"),
    "reasoning_summary_text": _Place("reasoning", "text", "summary", "summary_text", "summary_index"),
    "reasoning_text": _Place("reasoning", "text", "content", "reasoning_text", "content_index"),
    "refusal": _Place("message", "refusal", "content", "refusal", "content_index"),
}
"""By the name of their events, `response.<name>.delta` and `response.<name>.done`."""


class ResponsesAccumulator:
    """Keeps the response that the last event brought, and what came of its output until it was complete.

    Partial images are left out: each one is a whole image that the next one replaces.
    """

    __slots__ = ("_annotations", "_begun", "_error", "_head", "_parts", "_texts", "_whole")

    def __init__(self) -> None:
        self._head: Fields = {}
        self._error: dict[str, Any] | None = None
        self._begun: dict[int, Any] = {}
        self._whole: dict[int, Any] = {}
        self._parts: dict[tuple[_Place, int, int], Any] = {}
        self._annotations: dict[tuple[int, int], list[Any]] = {}
        self._texts: dict[tuple[_Place, int, int], list[str]] = {}

    def add(self, chunk: Any) -> bool:
        event = chunk_fields(chunk)
        kind = event.get("type")
        if type(kind) is not str:
            return False
        take = _TAKES.get(kind)
        if take is not None:
            take(self, event)
        return kind in _ANSWERING

    def response(self) -> Mapping[str, Any]:
        """The last response; with the output that came in events where that is all there is."""
        response = dict(self._head)
        if not response.get("output"):
            response["output"] = self._output()
        if self._error is not None:
            response["error"] = self._error
        return response

    def take_response(self, event: Fields) -> None:
        self._head = chunk_fields(event.get("response")) or self._head

    def take_error(self, event: Fields) -> None:
        self._error = {name: event.get(name) for name in ("code", "message", "param")}

    def take_begun_item(self, event: Fields) -> None:
        self._begun[_index(event)] = event.get("item")

    def take_whole_item(self, event: Fields) -> None:
        if event.get("item") is not None:
            self._whole[_index(event)] = event["item"]

    def take_part(self, event: Fields, place: _Place) -> None:
        self._parts[place, _index(event), _index(event, place.index)] = event.get("part")

    def take_annotation(self, event: Fields) -> None:
        key = _index(event), _index(event, "content_index")
        self._annotations.setdefault(key, []).append(event.get("annotation"))

    def take_delta(self, event: Fields, place: _Place) -> None:
        part = event.get("delta")
        if type(part) is not str:
            return
        try:
            self._texts[place, event["output_index"], event[place.index]].append(part)
        except (KeyError, TypeError):
            self._text(event, place).append(part)

    def take_text(self, event: Fields, place: _Place) -> None:
        whole = event.get(place.text)
        if type(whole) is str:
            self._text(event, place)[:] = [whole]

    def _text(self, event: Fields, place: _Place) -> list[str]:
        """The parts of the text that an event belongs to."""
        key = place, _index(event), _index(event, place.index)
        parts = self._texts.get(key)
        if parts is None:
            parts = self._texts[key] = []
        return parts

    def _output(self) -> list[Any]:
        begun = {index: _Item(item) for index, item in self._begun.items()}
        for (place, index, number), part in self._parts.items():
            begun.setdefault(index, _Item(None)).part(place, number).update(chunk_fields(plain(part)))
        for (index, number), annotations in self._annotations.items():
            part = begun.setdefault(index, _Item(None)).part(_PLACES["output_text"], number)
            part["annotations"] = part.get("annotations") or plain(annotations)
        for (place, index, number), parts in self._texts.items():
            begun.setdefault(index, _Item(None)).put("".join(parts), place, number)
        output = {index: item.told() for index, item in begun.items()}
        output.update({index: plain(item) for index, item in self._whole.items()})
        return [output[index] for index in sorted(output)]


class _Item:
    """An item of the output that has not been completed."""

    def __init__(self, item: Any) -> None:
        self._fields = dict(chunk_fields(plain(item)))
        self._parts: dict[str, dict[int, dict[str, Any]]] = {}

    def part(self, place: _Place, number: int) -> dict[str, Any]:
        """The part of a list of the item, begun if there is none."""
        self._fields.setdefault("type", place.item)
        parts = self._parts.get(place.parts)
        if parts is None:
            known = enumerate(listed(self._fields.get(place.parts)))
            parts = self._parts[place.parts] = {at: dict(chunk_fields(part)) for at, part in known}
        return parts.setdefault(number, {"type": place.part})

    def put(self, text: str, place: _Place, number: int) -> None:
        into = self.part(place, number) if place.parts else self._fields
        into.setdefault("type", place.item)
        into[place.text] = text

    def told(self) -> dict[str, Any]:
        parts = {name: [parts[number] for number in sorted(parts)] for name, parts in self._parts.items()}
        return {**self._fields, **parts}


def _index(event: Fields, name: str = "output_index") -> int:
    """A place among others; the first one where a server does not say."""
    index = event.get(name)
    return index if type(index) is int else 0


_Take = Callable[[ResponsesAccumulator, Fields], None]


def _takes() -> dict[str, _Take]:
    taken: dict[str, _Take] = {
        "error": ResponsesAccumulator.take_error,
        "response.output_item.added": ResponsesAccumulator.take_begun_item,
        "response.output_item.done": ResponsesAccumulator.take_whole_item,
        "response.output_text.annotation.added": ResponsesAccumulator.take_annotation,
    }
    for state in ("created", "queued", "in_progress", "completed", "failed", "incomplete"):
        taken[f"response.{state}"] = ResponsesAccumulator.take_response
    for state in ("added", "done"):
        taken[f"response.content_part.{state}"] = _at(ResponsesAccumulator.take_part, _PLACES["output_text"])
        taken[f"response.reasoning_summary_part.{state}"] = _at(
            ResponsesAccumulator.take_part, _PLACES["reasoning_summary_text"]
        )
    for name, place in _PLACES.items():
        taken[f"response.{name}.delta"] = _at(ResponsesAccumulator.take_delta, place)
        taken[f"response.{name}.done"] = _at(ResponsesAccumulator.take_text, place)
    return taken


def _at(take: Callable[[ResponsesAccumulator, Fields, _Place], None], place: _Place) -> _Take:
    return lambda accumulator, event: take(accumulator, event, place)


_TAKES: Final = _takes()
"""What becomes of an event, by its type; those of other types say nothing about the output."""

_ANSWERING: Final = frozenset(
    {
        *(kind for kind in _TAKES if not kind.endswith((".created", ".queued", ".in_progress", ".added"))),
        "response.image_generation_call.partial_image",
    }
)
"""Events that have something of the answer in them; the others say that it is being worked on."""
