"""Small real files of some kinds, and what becomes of them.

Import it as `from media import PNG, encoded, reference`.
"""

import base64
import struct
import zlib
from hashlib import sha256
from typing import Any
from uuid import UUID


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(size: int = 0, seed: bytes = b"") -> bytes:
    """A picture of one red pixel, with at least `size` bytes of a comment that is the same each time."""
    comment = bytearray(seed)
    while len(comment) < size:
        comment += sha256(comment[-64:]).digest() * 32
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\x00\xff\x00\x00")
    chunks = (b"IHDR", header), (b"IDAT", pixel), (b"teXt", bytes(comment)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in chunks)


PNG = png()
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(40))
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF"
WAV = (
    b"RIFF\x34\x00\x00\x00WAVEfmt "
    + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    + b"data"
    + bytes(16)
)
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(range(60))
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(range(40))


def encoded(content: bytes, *, is_url_safe: bool = False) -> str:
    return (base64.urlsafe_b64encode if is_url_safe else base64.b64encode)(content).decode()


def data_uri(content: bytes, content_type: str) -> str:
    return f"data:{content_type};base64,{encoded(content)}"


def key(content: bytes) -> str:
    """The key of bytes: made here with the standard library's own idea of a UUID of version 4."""
    return str(UUID(bytes=sha256(content).digest()[:16], version=4))


def reference(content: bytes, content_type: str, filename: str) -> dict[str, Any]:
    return {
        "type": "braintrust_attachment",
        "content_type": content_type,
        "filename": filename,
        "key": key(content),
    }
