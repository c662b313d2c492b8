"""Finished spans and updates without the secrets in their texts."""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from spanscore._json import REDACTED, JsonText, from_json, to_json
from spanscore.delivery._redaction_copy import Attributes, rewritten
from spanscore.wire.records import Record, RowUpdate

_UNBOUNDED: Final = 1 << 40


class Redactor:
    """Takes secrets out of records, and counts them by the names of the patterns that they matched.

    Made by what sends, for it loads the library that searches in time linear in the length of the text.
    """

    def __init__(self) -> None:
        # Only a process that sends, or redacts before it writes, needs the library: 1.5 MB.
        from spanscore.delivery import _secrets  # noqa: PLC0415

        self._secrets = _secrets
        self.counts: Counter[str] = Counter()
        # Reentrant: garbage collection may end a span, and redact it, while this is held.
        self._lock = threading.RLock()

    def renew(self) -> None:
        """A new lock, for a forked child: a thread that it does not have may hold this one."""
        self._lock = threading.RLock()

    def may_hold_secret(self, data: bytes) -> bool:
        """Whether records may have a secret in them, by all their bytes at once; False is certain."""
        return self._secrets.may_hold_secret(data)

    def record(self, record: Record) -> Record:
        """The record without secrets; itself where it has none."""
        if not isinstance(record, RowUpdate):
            return rewritten(record, self)
        fields = {name: self._json(text) for name, text in record.fields.items()}
        if fields == record.fields:
            return record
        return RowUpdate(
            parent=record.parent, trace_id=record.trace_id, span_id=record.span_id, fields=fields
        )

    def name(self, name: str) -> str:
        """The name of a span without secrets."""
        return self._text(name)

    def attributes(self, attributes: Attributes) -> Attributes:
        """Attributes without secrets, in their keys either."""
        return self._mapping(attributes)

    def event(self, name: str, attributes: Attributes) -> Attributes:
        """The attributes of an event without secrets."""
        return self._mapping(attributes)

    def link(self, attributes: Attributes) -> Attributes:
        """The attributes of a link without secrets."""
        return self._mapping(attributes)

    def error(self, description: str) -> str:
        """The description of a status without secrets."""
        return self._text(description)

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._json(value) if type(value) is JsonText else self._text(value)
        if isinstance(value, bytes):
            return self._bytes(value)
        if isinstance(value, Mapping):
            return self._mapping(cast("Attributes", value))
        if isinstance(value, Sequence):
            return self._sequence(cast("Sequence[Any]", value))
        return value

    def _mapping(self, given: Attributes) -> Attributes:
        found: dict[str, Any] = {}
        is_same = True
        for key, value in given.items():
            new_key, new_value = self._unique(self._text(key), found), self._value(value)
            is_same = is_same and new_key is key and new_value is value
            found[new_key] = new_value
        return given if is_same else found

    def _unique(self, key: str, taken: dict[str, Any]) -> str:
        return key if key not in taken else f"{key} ({len(taken)})"

    def _sequence(self, given: Sequence[Any]) -> Sequence[Any]:
        found = [self._value(value) for value in given]
        if all(new is old for new, old in zip(found, given, strict=True)):
            return given
        return tuple(found) if isinstance(given, tuple) else found

    def _json(self, text: JsonText) -> JsonText:
        """The same for JSON, which stays JSON: in each string by itself, then in the text as a whole."""
        data = text.encode("utf-8", "surrogatepass")
        if not self._secrets.may_hold_secret(data):
            return text
        try:
            value = from_json(data)
        except ValueError:
            return to_json(self._text(text), max_bytes=_UNBOUNDED)
        try:
            walked = self._value(value)
        except RecursionError:
            self._count(["too-deep"])
            return to_json(REDACTED)
        if walked is not value:
            text = to_json(walked, max_bytes=_UNBOUNDED, redact=False)
        return self._beside(text)

    def _beside(self, text: JsonText) -> JsonText:
        """JSON without the secrets that only show by the string beside theirs, as that of a header's name."""
        data = text.encode("utf-8", "surrogatepass")
        cleaned, names = self._secrets.without_secrets(data)
        if not names or not _is_json(cleaned):
            return text
        self._count(names)
        return JsonText(cleaned, "utf-8", "surrogatepass")

    def _text(self, text: str) -> str:
        cleaned = self._bytes(data := text.encode("utf-8", "surrogatepass"))
        return text if cleaned is data else cleaned.decode("utf-8", "surrogatepass")

    def _bytes(self, data: bytes) -> bytes:
        cleaned, names = self._secrets.without_secrets(data)
        self._count(names)
        return cleaned

    def _count(self, names: Sequence[str]) -> None:
        if names:
            with self._lock:
                self.counts.update(names)


def _is_json(data: bytes) -> bool:
    """False after what looked like a secret and was the end of an escape."""
    try:
        from_json(data)
    except ValueError:
        return False
    return True
