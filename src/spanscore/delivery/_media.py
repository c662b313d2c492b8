"""Media within finished spans and updates: kept as attachments, and out of the search for secrets."""

import logging
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Final

from opentelemetry.sdk.trace import ReadableSpan

from spanscore._json import JsonText
from spanscore.attachments import AttachmentFolder, converted, may_hold_media, put_back, set_aside
from spanscore.delivery._redaction_copy import Attributes, rewritten
from spanscore.tracing import guard
from spanscore.wire.attachments import keeps_attachments
from spanscore.wire.attributes import INPUT_JSON, OUTPUT_JSON
from spanscore.wire.records import Record, RowUpdate

_logger = logging.getLogger("spanscore")
_SAY_EVERY_S: Final = 60.0
_KEYS: Final = (INPUT_JSON, OUTPUT_JSON)
_FIELDS: Final = ("input", "output")


class Media:
    """What is done about media in inputs and outputs on their way to a destination.

    Those that have a place for bytes get references, and the bytes are in `folder` then. It is all or nothing
    for a record: where one of its media cannot be kept, all stay where they are.
    """

    def __init__(self, folder: AttachmentFolder) -> None:
        self.folder = folder
        self._may_say_at = 0.0

    def prepared(self, record: Record, identity: str, redact: Callable[[Record], Record]) -> Record:
        """The record for the destination of that identity, without secrets, and with its media whole."""
        if keeps_attachments(identity):
            return redact(self.converted(record))
        return self.redacted(record, redact)

    def converted(self, record: Record) -> Record:
        """The record with references in the place of its media; itself if it has none. Never raises."""
        try:
            changed = {
                name: text
                for name, given in _texts(record).items()
                if may_hold_media(given) and (text := converted(given, self.folder.put)) is not None
            }
        except OSError as error:
            self._say(error)
            return record
        except Exception as error:  # noqa: BLE001 - a span with its media inline is better than none
            guard.report("putting media aside", error)
            return record
        return _with(record, changed) if changed else record

    def redacted(self, record: Record, redact: Callable[[Record], Record]) -> Record:
        """What `redact` makes of the record without its media: base64 is no place to look for secrets."""
        aside = {name: set_aside(text) for name, text in _texts(record).items() if may_hold_media(text)}
        short = {name: _like(_texts(record)[name], text) for name, (text, tokens) in aside.items() if tokens}
        if not short:
            return redact(record)
        clean = redact(_with(record, short))
        back = {
            name: _like(text, put_back(text, aside[name][1]))
            for name, text in _texts(clean).items()
            if name in short
        }
        return _with(clean, back)

    def _say(self, error: OSError) -> None:
        now = monotonic()
        if now >= self._may_say_at:
            self._may_say_at = now + _SAY_EVERY_S
            text = "media cannot be written to %s, and stay in their spans: %s"
            _logger.warning(text, self.folder.folder, error)


def _like(given: str, text: str) -> str:
    return JsonText(text) if type(given) is JsonText else text


def _texts(record: Record) -> Mapping[str, str]:
    """The texts of a record that may have media, by attribute or by field."""
    if isinstance(record, RowUpdate):
        return {name: text for name in _FIELDS if (text := record.fields.get(name)) is not None}
    attributes: Mapping[str, Any] = record.attributes or {}
    found = ((name, attributes.get(name)) for name in _KEYS)
    return {name: text for name, text in found if isinstance(text, str)}


def _with(record: Record, changed: Mapping[str, str]) -> Record:
    if isinstance(record, ReadableSpan):
        return rewritten(record, _Texts(changed))
    fields = {**record.fields, **{name: JsonText(text) for name, text in changed.items()}}
    return RowUpdate(parent=record.parent, trace_id=record.trace_id, span_id=record.span_id, fields=fields)


class _Texts:
    """Other texts in some attributes of a span."""

    def __init__(self, changed: Mapping[str, str]) -> None:
        self._changed = changed

    def name(self, name: str) -> str:
        return name

    def attributes(self, attributes: Attributes) -> Attributes:
        return {**attributes, **self._changed}

    def event(self, name: str, attributes: Attributes) -> Attributes:
        return attributes

    def link(self, attributes: Attributes) -> Attributes:
        return attributes

    def error(self, description: str) -> str:
        return description
