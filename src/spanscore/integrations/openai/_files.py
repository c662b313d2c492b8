"""How operations on files are described: by id, name, purpose and size."""

from typing import Any, Final

from spanscore.integrations._endpoint import Endpoint, Request
from spanscore.integrations._plain import Fields
from spanscore.integrations._reading import BODY_LIMIT
from spanscore.integrations.openai._answer import facts
from spanscore.integrations.openai._media import described
from spanscore.integrations.openai._operations import id_in, listed, operation, told

_FIELDS: Final = ("id", "filename", "purpose", "bytes", "status", "deleted")


def _created(request: Request) -> Fields:
    file = described(request.files.get("file"))
    return {**facts(request.body, "purpose"), **({"file": file} if file else {})}


def _one(request: Request) -> Fields:
    return {"file_id": id_in(request)}


def _file(response: Any) -> Fields:
    return told(response, *_FIELDS)


def _content(response: Any) -> Fields:
    """How much was received: of text that the client made of it, or of the bytes."""
    if isinstance(response, str):
        return {"bytes": len(response.encode(errors="replace"))}
    content: Any = getattr(response, "content", response)
    return {"bytes": len(content)} if isinstance(content, bytes) else {}


def _received(body: bytes) -> bytes | None:
    # There may have been more than is kept of what the caller reads.
    return body if len(body) != BODY_LIMIT else None


FILES: Final[tuple[Endpoint, ...]] = (
    operation("POST", "/files", "openai.files.create", asked=_created, answered=_file),
    operation("GET", "/files", "openai.files.list", asked=lambda _: {}, answered=listed),
    operation("GET", "/files/{id}", "openai.files.retrieve", asked=_one, answered=_file),
    operation("DELETE", "/files/{id}", "openai.files.delete", asked=_one, answered=_file),
    operation(
        "GET",
        "/files/{id}/content",
        "openai.files.content",
        asked=_one,
        answered=_content,
        decode=_received,
    ),
)
"""Uploading, listing, looking at, deleting and reading files."""
