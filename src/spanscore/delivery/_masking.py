"""The user's own functions that mask what is recorded, run before anything is written."""

import logging
import threading
from collections.abc import Callable
from typing import Any, Final, TypeAlias, cast

from opentelemetry import context as otel_context

from spanscore._json import JsonText, from_json, to_json
from spanscore.delivery._redaction_copy import Attributes, rewritten
from spanscore.tracing._unwatched import unwatched
from spanscore.wire.records import Record, RowUpdate

MaskingFunction: TypeAlias = Callable[[Any], Any]
"""Takes the value of a field and returns what is recorded instead."""

FieldMasking: TypeAlias = Callable[[str, Any], Any]
"""Takes the name of a field and its value, and returns what is recorded instead."""

FAILED: Final = "<masking failed>"
"""What is recorded where a function raised, or returned what is no data."""

FIELDS: Final = ("input", "output", "expected", "metadata", "error")

_logger = logging.getLogger("spanscore")

_FIELD_OF: Final = {
    "braintrust.input": "input",
    "braintrust.output": "output",
    "braintrust.expected": "expected",
    "braintrust.metadata": "metadata",
    "gen_ai.input.messages": "input",
    "gen_ai.system_instructions": "input",
    "gen_ai.prompt": "input",
    "gen_ai.tool.call.arguments": "input",
    "gen_ai.output.messages": "output",
    "gen_ai.completion": "output",
    "gen_ai.tool.call.result": "output",
    "exception.message": "error",
    "exception.stacktrace": "error",
    "llm.input_messages": "input",
    "llm.prompts": "input",
    "input.value": "input",
    "llm.output_messages": "output",
    "llm.completions": "output",
    "output.value": "output",
    "traceloop.entity.input": "input",
    "traceloop.entity.output": "output",
    "ai.prompt": "input",
    "ai.response": "output",
}
"""The fields of attributes, of those that begin with them and a dot, and of those that end in `_json`."""


class Masking:
    """The functions in force, and what they make of records. With none of them records pass as they are.

    `max_bytes` bounds what they return, a Budget where inputs and outputs may have media. `failures` is how
    often one raised or returned what is no data.
    """

    def __init__(self, *, max_bytes: int = 1 << 20) -> None:
        self.masking_function: MaskingFunction | None = None
        self.redact: FieldMasking | None = None
        self.max_bytes = max_bytes
        self.failures: int = 0
        self._running = threading.local()

    @property
    def is_on(self) -> bool:
        """Whether there is a function."""
        return self.masking_function is not None or self.redact is not None

    def masked(self, record: Record) -> Record:
        """The record as the functions want it. Raises nothing but KeyboardInterrupt."""
        if not self.is_on:
            return record
        if not isinstance(record, RowUpdate):
            return rewritten(record, self)
        fields = {
            name: self._json(name, text) if name in FIELDS else text for name, text in record.fields.items()
        }
        return RowUpdate(
            parent=record.parent, trace_id=record.trace_id, span_id=record.span_id, fields=fields
        )

    def name(self, name: str) -> str:
        """The name of a span, which is no field."""
        return name

    def attributes(self, attributes: Attributes) -> Attributes:
        """A span's attributes, those of its fields masked."""
        masked = {
            key: self._attribute(field, value)
            for key, value in attributes.items()
            if (field := field_of(key)) is not None
        }
        return {**attributes, **masked} if masked else attributes

    def event(self, name: str, attributes: Attributes) -> Attributes:
        """The attributes of an event, masked whole where they are a message of a conversation."""
        if not name.startswith("gen_ai."):
            return self.attributes(attributes)
        field = "output" if name in ("gen_ai.choice", "gen_ai.assistant.message") else "input"
        return {key: self._attribute(field, value) for key, value in attributes.items()}

    def link(self, attributes: Attributes) -> Attributes:
        """The attributes of a link, which are no fields."""
        return attributes

    def error(self, description: str) -> str:
        """The description of a status."""
        return self._attribute("error", description)

    def _attribute(self, field: str, value: Any) -> Any:
        if type(value) is JsonText:
            return self._json(field, value)
        if isinstance(value, str):
            if value.lstrip().startswith(("{", "[")) and (parsed := _parsed(value)) is not None:
                return self._text_of(self._masked(field, parsed))
            return self._text_of(self._masked(field, str(value)))
        # A copy: the value is the program's.
        plain = from_json(to_json(value, max_bytes=self.max_bytes))
        masked = self._masked(field, plain)
        return value if masked is plain and not isinstance(plain, (list, dict)) else self._text_of(masked)

    def _json(self, field: str, text: JsonText) -> JsonText:
        try:
            value = from_json(text)
        except ValueError:
            return to_json(FAILED)
        budget = self.max_bytes if field in ("input", "output") else int(self.max_bytes)
        return to_json(self._masked(field, value), max_bytes=budget)

    def _text_of(self, masked: Any) -> str:
        return masked if type(masked) is str else to_json(masked, max_bytes=self.max_bytes)

    def _masked(self, field: str, value: Any) -> Any:
        if getattr(self._running, "is_on", False):
            # A span of the function itself: what it is given has not been masked yet.
            return FAILED
        token = otel_context.attach(unwatched())
        self._running.is_on = True
        try:
            for function in self._functions(field):
                value = function(value)
            return value if is_data(value) else self._failed(field, f"returned a {type(value).__name__}")
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever it is, the value must not be seen
            return self._failed(field, f"raised {type(error).__name__}")
        finally:
            self._running.is_on = False
            otel_context.detach(token)

    def _functions(self, field: str) -> list[MaskingFunction]:
        functions: list[MaskingFunction] = []
        if (masking_function := self.masking_function) is not None:
            functions.append(masking_function)
        if (redact := self.redact) is not None:
            functions.append(lambda value: redact(field, value))
        return functions

    def _failed(self, field: str, how: str) -> str:
        self.failures += 1
        if self.failures == 1:
            _logger.error("a masking function %s; the %s is recorded as %r from now on", how, field, FAILED)
        return FAILED


MASKING: Final = Masking()
"""The functions of this process."""


def field_of(key: str) -> str | None:
    """The field that an attribute belongs to; None for what is not masked, such as names and numbers."""
    stem = key.removesuffix("_json")
    while stem:
        field = _FIELD_OF.get(stem)
        if field is not None:
            return field
        stem = stem.rpartition(".")[0]
    return None


def is_data(value: Any) -> bool:
    """Whether a value consists of None, numbers, text, lists, tuples and of dicts whose keys are text."""
    pending: list[Any] = [value]
    seen: set[int] = set()
    while pending:
        item = pending.pop()
        kind = cast("type[object]", type(item))
        if item is None or issubclass(kind, (str, int, float)) or id(item) in seen:
            continue
        seen.add(id(item))
        if issubclass(kind, dict):
            if not all(issubclass(type(key), str) for key in item):
                return False
            pending.extend(item.values())
        elif issubclass(kind, (list, tuple)):
            pending.extend(item)
        else:
            return False
    return True


def _parsed(text: str) -> Any:
    try:
        return from_json(text)
    except ValueError:
        return None
