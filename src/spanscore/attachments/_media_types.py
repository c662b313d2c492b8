"""The kinds of media that are known: their names, and the names of files with them."""

from typing import Final

EXTENSIONS: Final = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/bmp": "bmp",
    "image/tiff": "tiff",
    "image/heic": "heic",
    "image/heif": "heif",
    "image/avif": "avif",
    "image/svg+xml": "svg",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/wave": "wav",
    "audio/mpeg": "mp3",
    "audio/mp3": "mp3",
    "audio/mp4": "m4a",
    "audio/m4a": "m4a",
    "audio/x-m4a": "m4a",
    "audio/aac": "aac",
    "audio/flac": "flac",
    "audio/ogg": "ogg",
    "audio/opus": "opus",
    "audio/aiff": "aiff",
    "audio/webm": "webm",
    "audio/pcm": "pcm",
    "audio/l16": "pcm",
    "audio/x-matroska": "mka",
    "video/mp4": "mp4",
    "video/mpeg": "mpeg",
    "video/webm": "webm",
    "video/quicktime": "mov",
    "video/x-matroska": "mkv",
    "video/x-flv": "flv",
    "video/x-ms-wmv": "wmv",
    "video/wmv": "wmv",
    "video/3gpp": "3gp",
    "application/pdf": "pdf",
    "application/json": "json",
    "application/xml": "xml",
    "application/zip": "zip",
    "application/rtf": "rtf",
    "application/octet-stream": "bin",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "text/plain": "txt",
    "text/csv": "csv",
    "text/html": "html",
    "text/markdown": "md",
    "text/xml": "xml",
    "text/css": "css",
    "text/javascript": "js",
    "text/rtf": "rtf",
}
"""The end of a file's name by the media type; what is not here is not known."""

_NOUNS: Final = {"image": "image", "audio": "audio", "video": "video"}

_MAGIC: Final = (
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
)
_RIFF: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_MP3_SYNC: Final = frozenset({0xFB, 0xF3, 0xF2})
_AAC_SYNC: Final = frozenset({0xF1, 0xF9})


def known(content_type: object) -> str | None:
    """The media type as it was given, if it is known; parameters such as a rate may follow it."""
    if not isinstance(content_type, str):
        return None
    return content_type if _essence(content_type) in EXTENSIONS else None


def filename_for(content_type: str, given: object = None) -> str:
    """The name that the provider gave, else one that the media type makes, such as "image.png"."""
    if isinstance(given, str) and given.strip():
        return given
    essence = _essence(content_type)
    return f"{_NOUNS.get(essence.partition('/')[0], 'file')}.{EXTENSIONS.get(essence, 'bin')}"


def told_by(head: bytes) -> str | None:
    """The media type that the first bytes tell, of those that tell it."""
    for magic, content_type in _MAGIC:
        if head.startswith(magic):
            return content_type
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if head[:1] == b"\xff" and len(head) > 1:
        return "audio/mpeg" if head[1] in _MP3_SYNC else "audio/aac" if head[1] in _AAC_SYNC else None
    return None


def _essence(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
