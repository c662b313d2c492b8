"""References to attachments: what stands in a row in place of the bytes, and where the bytes lie."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from spanscore._json import from_json

ATTACHMENT: Final = "braintrust_attachment"
"""The type of a reference to bytes that were handed over with the row."""

EXTERNAL: Final = "external_attachment"
"""The type of a reference to what lies at an address of the program's; it is never fetched by us."""

INLINE: Final = "inline_attachment"
"""The type of an object that has its bytes in itself."""

REFERENCE_TYPES: Final = frozenset({ATTACHMENT, EXTERNAL, INLINE})

FOLDER: Final = "attachments"
"""The name of the folders: of the embedded store's in the home folder, and of the one within the spool."""

_KEY: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_MOST_DEPTH: Final = 200
_KEEPERS: Final = ("local", "braintrust:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What stands for an attachment's bytes in a value; `key` names them."""

    key: str
    filename: str
    content_type: str

    def as_json(self) -> dict[str, str]:
        """The object that stands in a row."""
        return {
            "type": ATTACHMENT,
            "content_type": self.content_type,
            "filename": self.filename,
            "key": self.key,
        }


def is_key(text: object) -> bool:
    """Whether this can be the name of a file of ours: a UUID of version 4 in lower case, and nothing else."""
    return isinstance(text, str) and _KEY.fullmatch(text) is not None


def key_of(digest: bytes) -> str:
    """The key of bytes with that SHA-256: a UUID of version 4 to look at, the same for the same bytes.

    >>> key_of(bytes(32))
    '00000000-0000-4000-8000-000000000000'
    """
    number = bytearray(digest[:16])
    number[6] = number[6] & 0x0F | 0x40
    number[8] = number[8] & 0x3F | 0x80
    text = number.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def stored_at(folder: Path, key: str) -> Path:
    """Where the embedded store has the bytes of a key, below its folder of attachments."""
    return folder / key[:2] / key


def keeps_attachments(identity: str) -> bool:
    """Whether the destination of that identity has a place for bytes beside rows, as OTLP has not."""
    return identity.startswith(_KEEPERS)


def references_in(text: str) -> list[Reference]:
    """The references to attachments in JSON text, each once; none in text that is no JSON.

    What names no key of the form that ours have is none of ours to look for.
    """
    if ATTACHMENT not in text:
        return []
    try:
        value = from_json(text)
    except ValueError:
        return []
    return list(dict.fromkeys(_references(value, 0)))


def _references(value: Any, depth: int) -> Iterator[Reference]:
    if depth > _MOST_DEPTH:
        return
    if isinstance(value, dict):
        found = reference_of(cast("dict[str, Any]", value))
        if found is not None:
            yield found
        else:
            for child in cast("dict[str, Any]", value).values():
                yield from _references(child, depth + 1)
    elif isinstance(value, list):
        for child in cast("list[Any]", value):
            yield from _references(child, depth + 1)


def reference_of(value: Mapping[str, Any]) -> Reference | None:
    """The reference that an object is, if it is one with a key that can be ours."""
    if value.get("type") != ATTACHMENT or not is_key(value.get("key")):
        return None
    filename, content_type = value.get("filename"), value.get("content_type")
    if not isinstance(filename, str) or not isinstance(content_type, str):
        return None
    return Reference(key=value["key"], filename=filename, content_type=content_type)
