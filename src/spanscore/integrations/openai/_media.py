"""Media in requests and answers, told as attachments: their bytes stand beside the row."""

import io
import mimetypes
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, cast

from spanscore import tracing
from spanscore.attachments import Attachment, filename_for, told_by
from spanscore.integrations._plain import text

_UNKNOWN: Final = "application/octet-stream"


def uploaded(file: Any) -> Any:
    """A file of a form as an attachment, each of a list; else its name, type and size as far as known.

    Its bytes have to be at hand, in memory or in an ordinary file on disk, and not too many. A file object
    is left where it stands: it is the request that reads it.
    """
    if isinstance(file, list):
        return [uploaded(one) for one in cast("list[Any]", file)]
    upload = _Upload.of(file)
    data = _bytes_at_hand(upload.content)
    told = None if data is None else attached(data, upload.content_type, upload.name)
    return upload.described() if told is None else told


def described(file: Any) -> dict[str, Any] | None:
    """Name, type and size of a file of a form, as far as they are known; never what is in it."""
    return _Upload.of(file).described()


def attached(data: bytes, content_type: str | None = None, filename: str | None = None) -> Attachment | None:
    """An attachment; what is not given of type and name is told by the first bytes and by each other.

    None where media are not wanted, or not so much of them.
    """
    if not _is_wanted(len(data)):
        return None
    kind = (content_type or "").strip() or told_by(data[:16]) or _told_by_name(filename) or _UNKNOWN
    return Attachment(data=data, filename=filename_for(kind, filename), content_type=kind)


@dataclass(frozen=True, slots=True)
class _Upload:
    """A file of a form: its content alone, or with a name and perhaps a type before and behind it."""

    name: str | None
    content: Any
    content_type: str | None

    @classmethod
    def of(cls, file: Any) -> "_Upload":
        parts = cast("tuple[Any, ...]", file) if isinstance(file, tuple) else (None, file)
        given, content, content_type = (*parts, None, None, None)[:3]
        # A file that was opened by its descriptor has a number for a name.
        path = text(given) or (text(cast("Any", content).name) if _is_file(content) else None)
        name = os.path.basename(path) if path else None
        return cls(name, content, text(content_type))

    def described(self) -> dict[str, Any] | None:
        content_type = self.content_type or _told_by_name(self.name)
        known = {"filename": self.name, "content_type": content_type, "bytes": _size(self.content)}
        return {name: value for name, value in known.items() if value is not None} or None


def _is_wanted(size: int) -> bool:
    return size > 0 and size * 4 // 3 <= tracing.media_limit()


def _told_by_name(name: str | None) -> str | None:
    return mimetypes.guess_type(name)[0] if name else None


def _bytes_at_hand(content: Any) -> bytes | None:
    size = _size(content)
    if size is None or not _is_wanted(size):
        return None
    if isinstance(content, bytes):
        return content
    with suppress(OSError, ValueError):
        if type(content) is io.BytesIO:
            return content.getvalue()
        if hasattr(os, "pread"):
            # Neither the file's position nor its buffer change.
            data = os.pread(content.fileno(), size, 0)
            return data if len(data) == size else None
    return None


def _size(content: Any) -> int | None:
    """How many bytes will be sent, where that can be known without reading."""
    if isinstance(content, bytes):
        return len(content)
    with suppress(OSError, ValueError):
        if type(content) is io.BytesIO:
            return content.getbuffer().nbytes
        if _is_file(content):
            told = os.fstat(content.fileno())
            return told.st_size if stat.S_ISREG(told.st_mode) else None
    return None


def _is_file(content: Any) -> bool:
    # A reader may stand above what makes other bytes of the file's, such as a decompressor, or above nothing.
    with suppress(ValueError):
        return type(content.raw if type(content) is io.BufferedReader else content) is io.FileIO
    return False
