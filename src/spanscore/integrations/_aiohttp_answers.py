"""Answers that aiohttp's sessions get: kept while the client reads them, and given again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http.cookies import SimpleCookie
from importlib import import_module
from typing import Any, Final, cast

from spanscore import tracing
from spanscore.integrations._answers_folder import Answer
from spanscore.integrations._answers_whole import is_whole
from spanscore.integrations._transfer import Transfer
from spanscore.integrations._wire_bodies import MAX_BODY, End

_READING: Final = ("read", "readany", "readline", "readuntil", "readexactly")
_ROOM: Final = 1 << 16
_looking = tracing.quietly("looking for a kept answer")
_keeping = tracing.quietly("keeping an answer")


def key_of(
    transfer: Transfer, session: Any, method: str, url: object, asked: Mapping[str, Any]
) -> str | None:
    """What the answer to a request is kept under; None where it is not, as of one with a streamed body.

    `asked` are the named arguments of the request. Sessions that make responses of their own classes, or
    leave bodies encoded, are left alone.
    """
    with _looking:
        body, given = asked.get("data"), asked.get("headers", {})
        if not isinstance(body, bytes) or not isinstance(given, Mapping) or "://" not in str(url):
            return None
        if asked.get("params") or asked.get("auto_decompress") is False:
            return None
        if session._response_class is not _aiohttp().ClientResponse or not session._auto_decompress:
            return None
        headers = {str(name).lower(): str(value) for name, value in session.headers.items()}
        told = cast("Mapping[Any, Any]", given)
        headers.update({str(name).lower(): str(value) for name, value in told.items()})
        return transfer.key(method, str(url), headers, body)
    return None


def replayed(transfer: Transfer, key: str | None, method: str, url: object) -> Any:
    """The response that is kept under the key, as the session gave it; None if there is none."""
    answer = transfer.kept(key)
    if answer is None:
        return None
    with _looking:
        return _response(answer, method, url)
    return None


def kept_along(transfer: Transfer, key: str | None, response: Any) -> Any:
    """`response`; its body is kept, if it is worth that, as the client reads it."""
    if key is None or response.status != 200:
        return response
    with _keeping:
        response.content = _WatchedReader(response.content, _keeper(transfer, key, response))
    return response


def _keeper(transfer: Transfer, key: str, response: Any) -> End:
    # They tell of the body as it came, though what is read has been decoded: so they do the first time.
    told: Mapping[str, str] = response.headers
    headers = [(_raw(name), _raw(value)) for name, value in told.items() if name.lower() != "set-cookie"]

    def keep(parts: Sequence[bytes], *, is_exhausted: bool) -> None:
        with _keeping:
            if is_whole(told, b"".join(parts), is_exhausted=is_exhausted):
                reason = (response.reason or "").encode("latin-1", "replace")
                transfer.keep(
                    key, Answer(status=response.status, headers=headers, parts=parts, reason=reason)
                )

    return keep


def _response(answer: Answer, method: str, address: object) -> Any:
    """A response of aiohttp's class that needs no connection; its constructor wants one."""
    aiohttp = _aiohttp()
    url = import_module("yarl").URL(str(address))
    dicts = import_module("multidict")
    pairs = [(_text(name), _text(value)) for name, value in answer.headers]
    response: Any = object.__new__(aiohttp.ClientResponse)
    headers = dicts.CIMultiDictProxy(dicts.CIMultiDict(pairs))
    nothing = dicts.CIMultiDictProxy(dicts.CIMultiDict())
    known: dict[str, Any] = {
        "method": method,
        "version": aiohttp.HttpVersion11,
        "status": answer.status,
        "reason": answer.reason.decode("latin-1"),
        "cookies": SimpleCookie(),
        "content": _reader(answer.parts),
        "_real_url": url,
        "_url": url,
        "_request_info": aiohttp.RequestInfo(url, method, nothing, url),
        "_cache": {},
        "_traces": [],
        "_loop": asyncio.get_running_loop(),
        "_headers": headers,
        "_raw_headers": tuple(answer.headers),
        "_closed": True,
    }
    for name, value in known.items():
        setattr(response, name, value)
    return response


def _reader(parts: Sequence[bytes]) -> Any:
    loop = asyncio.get_running_loop()
    protocol = import_module("aiohttp.base_protocol").BaseProtocol(loop=loop)
    reader = _aiohttp().StreamReader(protocol, _ROOM, loop=loop)
    for part in parts:
        reader.feed_data(part)
    reader.feed_eof()
    return reader


class _WatchedReader:
    """The body of a response that passes on what has been read of it when it has come to its end."""

    def __init__(self, reader: Any, end: End) -> None:
        self._reader = reader
        self._end = end
        self._seen: list[bytes] | None = []
        self._size = 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._reader, name)
        return self._watched(found) if name in _READING else found

    def _watched(self, read: Callable[..., Awaitable[bytes]]) -> Callable[..., Awaitable[bytes]]:
        async def reading(*args: Any, **named: Any) -> bytes:
            part = await read(*args, **named)
            self._see(part)
            return part

        return reading

    def __aiter__(self) -> Any:
        return _streams().AsyncStreamIterator(self.readline)

    def iter_any(self) -> Any:
        """As the reader has it."""
        return _streams().AsyncStreamIterator(self.readany)

    def iter_chunked(self, n: int) -> Any:
        """As the reader has it."""
        return _streams().AsyncStreamIterator(lambda: self.read(n))

    def iter_chunks(self) -> Any:
        """As the reader has it."""
        return _streams().ChunkTupleAsyncStreamIterator(self)

    async def readchunk(self) -> tuple[bytes, bool]:
        """As the reader has it."""
        part, is_last = await self._reader.readchunk()
        self._see(part)
        return part, is_last

    def read_nowait(self, n: int = -1) -> bytes:
        """As the reader has it."""
        part = self._reader.read_nowait(n)
        self._see(part)
        return part

    def _see(self, part: bytes) -> None:
        if self._seen is None:
            return
        self._size += len(part)
        if part:
            self._seen.append(part)
        if self._size > MAX_BODY:
            self._seen = None
        elif self._reader.at_eof():
            seen, self._seen = self._seen, None
            self._end(seen, is_exhausted=True)


def _raw(text: str) -> bytes:
    """As aiohttp reads headers."""
    return text.encode("utf-8", "surrogateescape")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _streams() -> Any:
    return import_module("aiohttp.streams")


def _aiohttp() -> Any:
    return import_module("aiohttp")
