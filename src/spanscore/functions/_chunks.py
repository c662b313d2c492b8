"""The pieces of a streamed answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from spanscore._json import from_json
from spanscore.errors import InvokeError


@dataclass(frozen=True, slots=True)
class BraintrustTextChunk:
    """A piece of a text."""

    data: str
    type: Literal["text_delta"] = "text_delta"


@dataclass(frozen=True, slots=True)
class BraintrustJsonChunk:
    """A piece of the JSON text of a value."""

    data: str
    type: Literal["json_delta"] = "json_delta"


@dataclass(frozen=True, slots=True)
class BraintrustErrorChunk:
    """What the function failed with; it is the last piece."""

    data: str
    type: Literal["error"] = "error"


@dataclass(frozen=True, slots=True)
class BraintrustConsoleChunk:
    """What the function has printed, to "stdout" or "stderr"."""

    message: str
    stream: str
    type: Literal["console"] = "console"


@dataclass(frozen=True, slots=True)
class BraintrustProgressChunk:
    """What a step of the function tells of its progress; `event` says what `data` is a piece of."""

    data: str
    id: str
    object_type: str
    format: str
    output_type: str
    name: str
    event: str
    type: Literal["progress"] = "progress"


BraintrustStreamChunk = (
    BraintrustTextChunk
    | BraintrustJsonChunk
    | BraintrustErrorChunk
    | BraintrustConsoleChunk
    | BraintrustProgressChunk
)


def chunk_of(event: str, data: str) -> BraintrustStreamChunk | None:
    """The piece in a server-sent event; None for an event that carries none, such as `start` and `done`.

    Raises InvokeError for data that is not what the event says.

    >>> chunk_of("text_delta", '"Hello"')
    BraintrustTextChunk(data='Hello', type='text_delta')
    """
    if event == "json_delta":
        return BraintrustJsonChunk(data)
    if event not in ("text_delta", "error", "console", "progress"):
        return None
    try:
        value = from_json(data)
        if event == "text_delta":
            return BraintrustTextChunk(str(value))
        if event == "error":
            return BraintrustErrorChunk(value if isinstance(value, str) else data)
        return _console(value) if event == "console" else _progress(value)
    except (ValueError, AttributeError) as error:
        if event == "error":
            return BraintrustErrorChunk(data)
        raise InvokeError(f"the server sent an event {event} that cannot be read: {data[:200]}") from error


def _console(value: Mapping[str, Any]) -> BraintrustConsoleChunk:
    return BraintrustConsoleChunk(message=str(value.get("message", "")), stream=str(value.get("stream", "")))


def _progress(value: Mapping[str, Any]) -> BraintrustProgressChunk:
    names = ("data", "id", "object_type", "format", "output_type", "name", "event")
    data, id_, object_type, form, output_type, name, event = (str(value.get(each, "")) for each in names)
    return BraintrustProgressChunk(data, id_, object_type, form, output_type, name, event)
