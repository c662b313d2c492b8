"""What an answer is kept under: all of the request that an answer depends on, and nothing secret."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlsplit

from spanscore.integrations._plain import json_value

_FORMAT: Final = 1
_ENDPOINTS: Final = re.compile(
    r"(?:/chat/completions|/completions|/responses|/embeddings|/moderations|/rerank"
    r"|/messages|/messages/count_tokens|/complete"
    r"|:(?:stream)?(?:G|g)enerateContent|:countTokens|:embedContent|:batchEmbedContents|:predict|:rawPredict"
    r"|:streamRawPredict|/model/[^/]+/(?:invoke|converse|converse-stream))$"
)
"""What only answers. Whatever makes or changes something on the provider's side is not among them."""

_OTHERS: Final = ("/threads/", "/conversations/", "/batches/")
_CHANGING: Final = ("background", "conversation")
_HEADERS: Final = re.compile(r"^(?:accept|accept-encoding|api-version|anthropic-.*|openai-.*)$")
"""Those that an answer depends on: its encoding, what is asked of whom in which version."""

_SECRET: Final = re.compile(r"key|token|secret|signature|credential", re.IGNORECASE)


def digest_of(method: str, url: str, headers: Mapping[str, str], body: bytes) -> str | None:
    """The digest of a request, 64 hexadecimal digits; None where its answer is not to be kept.

    That is where a request is none for an answer alone: files, batches, responses in the background.
    """
    if method.upper() != "POST":
        return None
    address = urlsplit(url)
    path = address.path.rstrip("/")
    if not _ENDPOINTS.search(path) or any(other in path for other in _OTHERS):
        return None
    asked = json_value(body)
    if not isinstance(asked, dict) or any(cast("dict[str, Any]", asked).get(name) for name in _CHANGING):
        return None
    told = (
        _FORMAT,
        address.scheme,
        address.netloc.rpartition("@")[2],
        path,
        sorted(pair for pair in parse_qsl(address.query) if not _SECRET.search(pair[0])),
        sorted((name, value) for name, value in headers.items() if _HEADERS.match(name.lower())),
        body,
    )
    return sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()
