"""What users say of a record, as a change of it."""

import uuid
from collections.abc import Collection, Mapping
from hashlib import blake2b
from typing import Any, Final, cast

from spanscore._json import JsonText, canonical_json, to_json
from spanscore.errors import ConfigError
from spanscore.wire.datasets import DatasetChange

_WHOLE: Final = 1 << 40
"""A record is data that shall come back: nothing of it is cut, whatever its size, nor redacted."""


def inserted(
    *,
    id: str | None = None,  # noqa: A002 - the word of the records
    input: Any = None,  # noqa: A002
    expected: Any = None,
    metadata: Any = None,
    tags: Any = None,
    origin: Mapping[str, Any] | None = None,
) -> DatasetChange:
    """The record put in, in the place of what had that id; None is a new id.

    Raises ConfigError for metadata that is no object, and tags or ids that are no text.
    """
    fields = _fields(input=input, expected=expected, metadata=metadata, tags=tags, origin=origin)
    return DatasetChange(id=_id(id) if id is not None else str(uuid.uuid4()), kind="insert", fields=fields)


def updated(id: str, **given: Any) -> DatasetChange:  # noqa: A002
    """What is not None of `given` laid over the record."""
    return DatasetChange(id=_id(id), kind="merge", fields=_fields(**given))


def deleted(id: str) -> DatasetChange:  # noqa: A002
    """The record taken out."""
    return DatasetChange(id=_id(id), kind="delete")


def content_id(fields: Mapping[str, JsonText]) -> str:
    """An id made of what a record is, equal for equal records: importing them twice adds nothing."""
    digest = blake2b(digest_size=16)
    for name in sorted(fields):
        digest.update(f"{name}\0".encode() + canonical_json(fields[name]) + b"\0")
    return str(uuid.UUID(bytes=digest.digest(), version=5))


def known_by_content(change: DatasetChange) -> DatasetChange:
    """The same under an id that is made of its content."""
    return DatasetChange(id=content_id(change.fields), kind=change.kind, fields=change.fields)


def _fields(**given: Any) -> dict[str, JsonText]:
    values = {
        **given,
        "metadata": _metadata(given.get("metadata")),
        "tags": _tags(given.get("tags")),
    }
    return {
        name: to_json(value, max_bytes=_WHOLE, redact=False)
        for name, value in values.items()
        if value is not None
    }


def _id(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigError(f"the id of a record is {value!r}; give text, or None for a new one")
    return value


def _metadata(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, Mapping):
        items = cast("Mapping[Any, Any]", value)
        wrong = next((key for key in items if not isinstance(key, str)), None)
        if wrong is None:
            return dict(items)
        raise ConfigError(f"metadata has the key {wrong!r}; keys are text")
    if to_json(value, max_bytes=_WHOLE, redact=False).startswith("{"):
        # A pydantic model or a dataclass: an object of its fields.
        return value
    raise ConfigError(
        f'metadata is {to_json(value, max_bytes=200)}; give a mapping, such as {{"source": "faq"}}'
    )


def _tags(value: Any) -> list[str] | None:
    if value is None:
        return None
    if isinstance(value, Collection) and not isinstance(value, (str, bytes, Mapping)):
        tags = cast("Collection[Any]", value)
        if all(isinstance(tag, str) for tag in tags):
            return list(dict.fromkeys(cast("Collection[str]", tags)))
    raise ConfigError(f'tags are {to_json(value, max_bytes=200)}; give a list of texts, such as ["smoke"]')
