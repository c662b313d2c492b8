"""Files that a program logs: the bytes go their own way, a row has a reference."""

from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import orjson

from spanscore._json import from_json, to_json
from spanscore.attachments._folder import AttachmentFolder
from spanscore.attachments._keeping import KEEPING
from spanscore.wire.attachments import EXTERNAL, Reference, key_of

_UNBOUNDED: Final = 1 << 40


class Attachment:
    """A file to be logged: an image, a sound, a document, of any size.

    `data` is its bytes, or as text the path of a file. `filename` and `content_type` ("image/png") are what
    it is shown as. It may stand anywhere in what is logged: in `log()`, in arguments and results of traced
    functions, in the data of evals. The row gets a reference; a task or scorer gets the object itself.

    The bytes are kept when the value is recorded, not later: what becomes of the file or of a bytearray
    afterwards changes nothing. A file that cannot be read then is said so in the row, and raises nothing.

    Raises TypeError or ValueError for arguments that cannot be meant.

    >>> from spanscore import Attachment
    >>> picture = Attachment(data=b"GIF89a...", filename="dot.gif", content_type="image/gif")
    >>> picture.reference["key"]
    '76b9a065-d454-4941-bfb0-6a39e71bdb7d'
    """

    def __init__(self, *, data: str | bytes | bytearray, filename: str, content_type: str) -> None:
        if not isinstance(data, (str, bytes, bytearray)):  # pyright: ignore[reportUnnecessaryIsInstance] - users'
            raise TypeError(
                f"data is a {type(data).__name__}; give bytes, or the path of a file as text (str(path))"
            )
        if isinstance(data, str) and not data:
            raise ValueError("data is empty text; give the path of a file, or bytes")
        self._data = data
        self._filename = required("filename", filename, "image.png")
        self._content_type = required("content_type", content_type, "image/png")
        self._kept: tuple[AttachmentFolder | None, Reference] | None = None

    @property
    def data(self) -> bytes:
        """The bytes. Raises OSError if they are in a file that cannot be read."""
        return Path(self._data).read_bytes() if isinstance(self._data, str) else bytes(self._data)

    @property
    def reference(self) -> dict[str, str]:
        """What stands for it in a row. Raises OSError if it is a file that cannot be read."""
        key = key_of(sha256(self.data).digest()) if self._kept is None else self._kept[1].key
        return self._named(key).as_json()

    def recorded(self) -> dict[str, str] | str:
        """Keep the bytes; what stands in the row: the reference, or why there is none."""
        folder = KEEPING.folder
        if self._kept is None or self._kept[0] is not folder:
            try:
                self._kept = folder, self._named(self._put_into(folder))
            except OSError as error:
                return f"[spanscore: the attachment {self._filename} was not recorded: {error}]"
        return self._kept[1].as_json()

    def _put_into(self, folder: AttachmentFolder | None) -> str:
        if folder is None:
            return key_of(sha256(self.data).digest())
        return folder.put_file(self._data) if isinstance(self._data, str) else folder.put(self._data)

    def _named(self, key: str) -> Reference:
        return Reference(key=key, filename=self._filename, content_type=self._content_type)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(filename={self._filename!r}, content_type={self._content_type!r})"


class JSONAttachment:
    """A large value to be logged beside its row, as a file of JSON.

    `data` is any value, written down at once; credentials are left out as everywhere. `pretty` puts it on
    several lines.

    >>> from spanscore import JSONAttachment
    >>> JSONAttachment({"rows": [1, 2]}).data
    b'{"rows":[1,2]}'
    """

    def __init__(self, data: Any, *, filename: str = "data.json", pretty: bool = False) -> None:
        text = to_json(data, max_bytes=_UNBOUNDED).encode()
        self._attachment = Attachment(
            data=_indented(text) if pretty else text, filename=filename, content_type="application/json"
        )

    @property
    def data(self) -> bytes:
        """The text of the file."""
        return self._attachment.data

    @property
    def reference(self) -> dict[str, str]:
        """What stands for it in a row."""
        return self._attachment.reference

    def recorded(self) -> dict[str, str] | str:
        """Keep the bytes; what stands in the row: the reference, or why there is none."""
        return self._attachment.recorded()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(filename={self._attachment.reference['filename']!r})"


class ExternalAttachment:
    """A file that lies at an address of yours, such as "s3://bucket/scan.pdf": only the address is logged.

    Nothing is fetched from there, by this library.

    >>> from spanscore import ExternalAttachment
    >>> scan = ExternalAttachment(url="s3://b/scan.pdf", filename="scan.pdf", content_type="application/pdf")
    >>> scan.reference["url"]
    's3://b/scan.pdf'
    """

    def __init__(self, *, url: str, filename: str, content_type: str) -> None:
        self._url = required("url", url, "s3://bucket/scan.pdf")
        self._filename = required("filename", filename, "scan.pdf")
        self._content_type = required("content_type", content_type, "application/pdf")

    @property
    def reference(self) -> dict[str, str]:
        """What stands for it in a row."""
        return {
            "type": EXTERNAL,
            "content_type": self._content_type,
            "filename": self._filename,
            "url": self._url,
        }

    def recorded(self) -> dict[str, str]:
        """What stands in the row."""
        return self.reference

    def __repr__(self) -> str:
        return f"{type(self).__name__}(url={self._url!r}, filename={self._filename!r})"


def required(name: str, value: Any, example: str) -> str:
    """The value if it is text that is not blank; the errors name the remedy."""
    if not isinstance(value, str):
        raise TypeError(f"{name} is {value!r}; give text, such as {example!r}")
    if not value.strip():
        raise ValueError(f"{name} is {value!r}; give text, such as {example!r}")
    return value


def _indented(text: bytes) -> bytes:
    try:
        return orjson.dumps(from_json(text), option=orjson.OPT_INDENT_2)
    except TypeError:
        # Numbers of more than 64 bits, which orjson does not write.
        return text
