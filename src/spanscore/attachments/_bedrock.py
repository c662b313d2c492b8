"""Media as Bedrock's Converse has them: bytes in the source of a block that names a format."""

from typing import Final

from spanscore.attachments._media_types import filename_for
from spanscore.attachments._medium import LOOKS_ENCODED, Medium, Node, as_object, placed

_FORMATS: Final = {
    "image": {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"},
    "video": {
        "mp4": "video/mp4",
        "mov": "video/quicktime",
        "mkv": "video/x-matroska",
        "webm": "video/webm",
        "flv": "video/x-flv",
        "mpeg": "video/mpeg",
        "mpg": "video/mpeg",
        "wmv": "video/x-ms-wmv",
        "three_gp": "video/3gpp",
    },
    "audio": {
        "mp3": "audio/mpeg",
        "opus": "audio/opus",
        "wav": "audio/wav",
        "aac": "audio/aac",
        "flac": "audio/flac",
        "mp4": "audio/mp4",
        "m4a": "audio/mp4",
        "ogg": "audio/ogg",
        "mka": "audio/x-matroska",
        "mpeg": "audio/mpeg",
        "mpga": "audio/mpeg",
        "pcm": "audio/pcm",
        "webm": "audio/webm",
    },
    "document": {
        "pdf": "application/pdf",
        "csv": "text/csv",
        "doc": "application/msword",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls": "application/vnd.ms-excel",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "html": "text/html",
        "txt": "text/plain",
        "md": "text/markdown",
    },
}
"""What a format means in each kind of block."""


def match(key: str | None, node: Node) -> Medium | None:
    """The media of what stands under `image`, `video`, `audio` or `document`."""
    formats = _FORMATS.get(key) if key else None
    block = as_object(node) if formats else None
    source = as_object(block.get("source")) if block else None
    if formats is None or block is None or source is None:
        return None
    content_type, text = formats.get(str(block.get("format"))), source.get("bytes")
    if not content_type or type(text) is not str or not LOOKS_ENCODED.match(text):
        return None
    name = block.get("name")
    filename = f"{name}.{block['format']}" if isinstance(name, str) and name.strip() else None
    return Medium(
        text=text,
        content_type=content_type,
        filename=filename_for(content_type, filename),
        put=placed(block, "source", "bytes"),
    )
