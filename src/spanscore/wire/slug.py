"""A span as one text that the official SDK writes and reads: base64 of ids and JSON."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from spanscore._json import from_json, to_json
from spanscore.errors import ParentError
from spanscore.wire.parent import Parent, ParentKind

_VERSION: Final = 4
_LEGACY_VERSION: Final = 3
_OBJECT_ID, _ROW_ID, _SPAN_ID, _ROOT_SPAN_ID = 1, 2, 3, 4
_NAMES = {_OBJECT_ID: "object_id", _ROW_ID: "row_id", _SPAN_ID: "span_id", _ROOT_SPAN_ID: "root_span_id"}
_KIND_OF_TYPE = {1: ParentKind.EXPERIMENT_ID, 2: ParentKind.PROJECT_ID, 3: ParentKind.PLAYGROUND_ID}
_TYPE_OF_KIND = {kind: number for number, kind in _KIND_OF_TYPE.items()} | {ParentKind.PROJECT_NAME: 2}
_HEX = re.compile("[0-9a-f]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slug:
    """A container, and the span in it that spans elsewhere are to begin below.

    Without `trace_id` and `span_id` a new trace is to begin in the container. `purpose` is inherited by the
    spans below, such as "scorer". `row_id` is the id of the span's row where that is not the span's.

    >>> slug = Slug(parent=Parent.parse("project_name:bot"), trace_id=1, span_id=2)
    >>> Slug.parse(str(slug)) == slug
    True
    """

    parent: Parent
    trace_id: int | None = None
    span_id: int | None = None
    purpose: str | None = None
    row_id: str | None = None

    def __str__(self) -> str:
        ids = b""
        if self.trace_id is not None and self.span_id is not None:
            ids += bytes((_SPAN_ID,)) + self.span_id.to_bytes(8, "big")
            ids += bytes((_ROOT_SPAN_ID,)) + self.trace_id.to_bytes(16, "big")
        rest = self._rest()
        head = bytes((_VERSION, _TYPE_OF_KIND[self.parent.kind], 2 if ids else 0))
        return base64.b64encode(head + ids + (to_json(rest).encode() if rest else b"")).decode()

    def _rest(self) -> dict[str, Any]:
        rest: dict[str, Any] = {}
        is_named = self.parent.kind is ParentKind.PROJECT_NAME
        if is_named:
            rest["compute_object_metadata_args"] = {"project_name": self.parent.value, "project_id": None}
        if self.purpose is not None:
            rest["propagated_event"] = {"span_attributes": {"purpose": self.purpose}}
        if not is_named:
            rest["object_id"] = self.parent.value
        if self.span_id is not None:
            rest["row_id"] = self.row_id or f"{self.span_id:016x}"
        return rest

    @classmethod
    def parse(cls, text: str) -> "Slug":
        """Parse what `Span.export()` gave, here or in the official SDK (versions 3 and 4 of the format).

        Ids of the official SDK's UUID mode are no OpenTelemetry ids: of such a slug only the container is
        kept. Raises ParentError saying what is wrong with the text.
        """
        try:
            raw = base64.b64decode(text.strip(), validate=True)
            kind, fields = _decoded(raw)
        except (binascii.Error, ValueError) as error:
            shown = text if len(text) <= 80 else text[:77] + "…"
            raise ParentError(f"{shown!r} is no exported span: {error}") from None
        trace_id, span_id = _number(fields.get("root_span_id"), 32), _number(fields.get("span_id"), 16)
        is_whole = trace_id is not None and span_id is not None
        return cls(
            parent=_container(kind, fields),
            trace_id=trace_id if is_whole else None,
            span_id=span_id if is_whole else None,
            purpose=_purpose(fields),
            row_id=_row_id(fields) if is_whole else None,
        )


def _decoded(raw: bytes) -> tuple[ParentKind, dict[str, Any]]:
    if len(raw) < 3:
        raise ValueError("it is too short")
    version = raw[0]
    if version not in (_VERSION, _LEGACY_VERSION):
        raise ValueError(f"version {version} of the format is not known")
    kind = _KIND_OF_TYPE.get(raw[1])
    if kind is None:
        raise ValueError(f"object type {raw[1]} is not known")
    fields: dict[str, Any] = {}
    at = 3
    for _ in range(raw[2]):
        field = int.from_bytes(raw[at : at + 1], "big")
        length = 8 if version == _VERSION and field == _SPAN_ID else 16
        value = raw[at + 1 : at + 1 + length]
        if len(value) < length:
            raise ValueError("it ends in the middle of an id")
        fields[_NAMES.get(field, "")] = str(UUID(bytes=value)) if version == _LEGACY_VERSION else value.hex()
        at += 1 + length
    rest: Any = from_json(raw[at:]) if at < len(raw) else {}
    if not isinstance(rest, dict):
        raise ValueError("its JSON is no object")
    fields.update(cast("dict[str, Any]", rest))
    return kind, fields


def _container(kind: ParentKind, fields: Mapping[str, Any]) -> Parent:
    object_id = fields.get("object_id")
    if isinstance(object_id, str) and object_id:
        return Parent(kind, object_id)
    named: Any = fields.get("compute_object_metadata_args")
    if kind is ParentKind.PROJECT_ID and isinstance(named, dict):
        for key in (ParentKind.PROJECT_ID, ParentKind.PROJECT_NAME):
            value: Any = named.get(key.value)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            if isinstance(value, str) and value:
                return Parent(key, value)
    raise ParentError(f"an exported span names no container; it has {', '.join(sorted(fields)) or 'nothing'}")


def _number(text: Any, digits: int) -> int | None:
    """The id of `digits` hexadecimal digits; None for anything else, an id of zeros too."""
    if not isinstance(text, str):
        return None
    plain = text.lower().replace("-", "")
    return (int(plain, 16) or None) if len(plain) == digits and _HEX.fullmatch(plain) else None


def _row_id(fields: Mapping[str, Any]) -> str | None:
    found = fields.get("row_id")
    return found if isinstance(found, str) and found and found != fields.get("span_id") else None


def _purpose(fields: Mapping[str, Any]) -> str | None:
    found: Any = fields
    for key in ("propagated_event", "span_attributes", "purpose"):
        found = found.get(key) if isinstance(found, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return found if isinstance(found, str) else None
