"""A call of a tool: one that was made, or one that is wanted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from spanscore._json import from_json
from spanscore.errors import ConfigError
from spanscore.scoring._shown import shown
from spanscore.scoring._trace import Trace
from spanscore.scoring.builtin._exact_match import is_same, plain
from spanscore.wire.rows import Row


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool's name and its arguments; None for arguments of a wanted call allows any."""

    name: str
    arguments: Any = None

    def __str__(self) -> str:
        return self.name if self.arguments is None else f"{self.name}({shown(self.arguments)})"

    def fits(self, call: "ToolCall", *, is_equal: bool) -> bool:
        """True if `call` is one of those that this one wants."""
        if self.name != call.name:
            return False
        if self.arguments is None:
            return True
        return (
            is_same(self.arguments, call.arguments)
            if is_equal
            else _is_within(self.arguments, call.arguments)
        )


def wanted_calls(wanted: Any, scorer: str) -> tuple[ToolCall, ...]:
    """The calls that are wanted. Raises ConfigError for what names no tools."""
    if isinstance(wanted, str) or not isinstance(wanted, Sequence):
        raise ConfigError(
            f"{scorer} is to find the calls {shown(wanted)}; give a list of names, or of "
            '{"name": …, "arguments": {…}}, in the scorer or as what the case expects'
        )
    return tuple(_wanted(call, scorer) for call in cast("Sequence[Any]", wanted))


def calls_in(trace: Trace) -> list[ToolCall]:
    """The calls of tools that were made, by the order in which they began."""
    made = [_made(span) for span in trace.spans(type="tool")]
    return made or list(_asked_for(trace.thread()))


def _wanted(call: Any, scorer: str) -> ToolCall:
    if isinstance(call, str):
        return ToolCall(call)
    if isinstance(call, Mapping):
        fields = cast("Mapping[str, Any]", call)
        name, arguments = fields.get("name"), fields.get("arguments")
        if isinstance(name, str) and (arguments is None or isinstance(arguments, Mapping)):
            return ToolCall(name, None if arguments is None else plain(arguments))
    raise ConfigError(
        f'{scorer} is to find the call {shown(call)}; give a name, or {{"name": …, "arguments": {{…}}}}'
    )


def _made(span: Row) -> ToolCall:
    """The call that a span of a tool tells of."""
    given = span.input
    if isinstance(given, str):
        try:
            given = from_json(given)
        except ValueError:
            given = span.input
    return ToolCall(_name(span), given)


def _name(span: Row) -> str:
    """The tool's name, which instrumentation by OpenTelemetry's conventions tells beside the span's."""
    tools = span.metadata.get("tools")
    first = cast("list[Any]", tools)[0] if isinstance(tools, list) and tools else None
    name = _fields(_fields(first).get("function")).get("name")
    return name if isinstance(name, str) else span.name


def _asked_for(messages: Iterable[Mapping[str, Any]]) -> Iterator[ToolCall]:
    for message in messages:
        content = message.get("content")
        for part in cast("list[Any]", content) if isinstance(content, list) else ():
            fields = _fields(part)
            if fields.get("type") == "tool_call":
                yield ToolCall(str(fields.get("tool_name")), _fields(fields.get("arguments")).get("value"))


def _is_within(wanted: Any, given: Any) -> bool:
    """True if all keys of the wanted objects are in the given ones, with the values that are wanted."""
    if isinstance(wanted, dict) and isinstance(given, dict):
        one, other = cast("dict[str, Any]", wanted), cast("dict[str, Any]", given)
        return all(key in other and _is_within(one[key], other[key]) for key in one)
    return is_same(wanted, given)


def _fields(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
