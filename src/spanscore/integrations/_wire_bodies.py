"""Bodies of httpx's answers as bytes on the wire: kept while the client reads them, and given again."""

import functools
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, Final, Protocol

from spanscore import tracing
from spanscore.integrations._answers_folder import Answer
from spanscore.integrations._answers_whole import is_whole
from spanscore.integrations._transfer import Transfer

MAX_BODY: Final = 16 << 20
"""Bytes of a body; a larger one is not kept."""


class End(Protocol):
    """Takes what has been read of a body, in the pieces in which it came."""

    def __call__(self, parts: Sequence[bytes], *, is_exhausted: bool) -> None: ...


_looking = tracing.quietly("looking for a kept answer")
_keeping = tracing.quietly("keeping an answer")


def key_of(transfer: Transfer, request: Any) -> str | None:
    """What the answer to a request is kept under; None where it is not, as of one with a streamed body."""
    with _looking:
        try:
            body = request.content
        except RuntimeError:  # it has not been read, and reading is the transport's
            return None
        return transfer.key(request.method, str(request.url), request.headers, body)
    return None


def replayed(transfer: Transfer, key: str | None, module: Any) -> Any:
    """The response that is kept under the key, as the transport gave it; None if there is none."""
    answer = transfer.kept(key)
    if answer is None:
        return None
    return module.Response(
        answer.status,
        headers=list(answer.headers),
        stream=_body_class(module)(_Parts(answer.parts), _ignore),
        extensions={"http_version": answer.version, "reason_phrase": answer.reason},
    )


def kept_along(transfer: Transfer, key: str | None, response: Any, module: Any) -> Any:
    """`response`; its body is kept, if it is worth that, as the client reads it."""
    if key is None or not 200 <= response.status_code < 300:
        return response
    with _keeping:
        keep = _keeper(transfer, key, response, module)
        if not response.is_closed:
            response.stream = _body_class(module)(response.stream, keep)
        # A transport of the program's own may have the body already, but decoded.
        elif "content-encoding" not in response.headers:
            keep([response.content], is_exhausted=True)
    return response


def _keeper(transfer: Transfer, key: str, response: Any, module: Any) -> End:
    headers = [pair for pair in response.headers.raw if pair[0].lower() != b"set-cookie"]
    told = response.headers
    extensions = response.extensions

    def keep(parts: Sequence[bytes], *, is_exhausted: bool) -> None:
        with _keeping:
            try:
                body = module.Response(200, headers=headers, content=b"".join(parts)).content
            except module.DecodingError:
                return
            if is_whole(told, body, is_exhausted=is_exhausted):
                answer = Answer(
                    status=response.status_code,
                    headers=headers,
                    parts=parts,
                    version=extensions.get("http_version", b"HTTP/1.1"),
                    reason=extensions.get("reason_phrase", b""),
                )
                transfer.keep(key, answer)

    return keep


def _ignore(parts: Sequence[bytes], *, is_exhausted: bool) -> None:
    """What was kept is not kept again."""


class _Parts:
    """A body in pieces, for clients of both kinds."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._parts)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            yield part

    def close(self) -> None:
        """Nothing: there is no connection."""

    async def aclose(self) -> None:
        """Nothing."""


class WatchedBody:
    """A body that passes on what has been read of it when that ends; nothing if it breaks or is too large."""

    def __init__(self, body: Any, end: End) -> None:
        self._body = body
        self._end = end
        self._seen: list[bytes] | None = []
        self._size = 0

    def __iter__(self) -> Iterator[bytes]:
        try:
            for part in self._body:
                self._see(part)
                yield part
        except Exception:
            self._seen = None
            raise
        self._ended(is_exhausted=True)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._body:
                self._see(part)
                yield part
        except Exception:
            self._seen = None
            raise
        self._ended(is_exhausted=True)

    def close(self) -> None:
        self._ended(is_exhausted=False)
        self._body.close()

    async def aclose(self) -> None:
        self._ended(is_exhausted=False)
        await self._body.aclose()

    def _see(self, part: bytes) -> None:
        self._size += len(part)
        if self._seen is not None:
            self._seen.append(part)
            if self._size > MAX_BODY:
                self._seen = None

    def _ended(self, *, is_exhausted: bool) -> None:
        seen, self._seen = self._seen, None
        if seen is not None:
            self._end(seen, is_exhausted=is_exhausted)


@functools.cache
def _body_class(module: Any) -> type[Any]:
    """`WatchedBody` as the clients of a library expect it, those of both kinds."""
    return type("Body", (WatchedBody, module.SyncByteStream, module.AsyncByteStream), {})
