"""HTTP responses that tell a reading what passes by and when they are closed."""

import copyreg
from collections.abc import AsyncGenerator, Generator
from functools import cache
from typing import Any, Final, cast

from spanscore.integrations._reading import Reading, apassed_on, passed_on

_KEY: Final = "spanscore.reading"
_NEW: Final[Any] = vars(copyreg)["__newobj__"]
_RECONSTRUCTED: Final[Any] = vars(copyreg)["_reconstructor"]


def watch(response: Any, reading: Reading) -> None:
    """Let `reading` see the response's body, and end with it: when it is exhausted, closed or collected."""
    if reading_of(response) is None:
        response.__class__ = _watched_class(cast("type[Any]", type(response)))
    response.extensions[_KEY] = reading
    # Covers the stream that nobody ever reads or closes; at the interpreter's exit too.
    reading.end_with(response)


def reading_of(response: Any) -> Reading | None:
    """The reading that watches a response; None if none does."""
    found = response.extensions.get(_KEY)
    return found if isinstance(found, Reading) else None


@cache
def _watched_class(base: type[Any]) -> type[Any]:
    """The subclass of a response class, httpx's or httpx2's, that its watched instances get.

    The client's own streams close the response on every way out, so that one hook here covers `close`,
    `with`, the helpers and garbage collection alike.
    """

    def close(response: Any) -> None:
        try:
            base.close(response)
        finally:
            _closed(response)

    async def aclose(response: Any) -> None:
        try:
            await base.aclose(response)
        finally:
            _closed(response)

    def iter_bytes(response: Any, chunk_size: int | None = None) -> Generator[bytes, None, None]:
        parts = base.iter_bytes(response, chunk_size)
        return passed_on(parts, lambda: _body_reading(response), Reading.add_bytes)

    def aiter_bytes(response: Any, chunk_size: int | None = None) -> AsyncGenerator[bytes, None]:
        parts = base.aiter_bytes(response, chunk_size)
        return apassed_on(parts, lambda: _body_reading(response), Reading.add_bytes)

    def reduced(response: Any, protocol: Any) -> Any:
        # A copy, pickled or not, is of the class that can be found by its name.
        told = cast("Any", base).__reduce_ex__(response, protocol)
        if told[0] not in (_NEW, _RECONSTRUCTED) or told[1][0] is not type(response):
            return told
        return (_RECONSTRUCTED, (base, object, None), *told[2:])

    methods = {
        "__reduce_ex__": reduced,
        "close": close,
        "aclose": aclose,
        "iter_bytes": iter_bytes,
        "aiter_bytes": aiter_bytes,
    }
    naming = {"__module__": base.__module__, "__qualname__": base.__qualname__, "__doc__": base.__doc__}
    return type(base.__name__, (base,), {**naming, **methods})


def _body_reading(response: Any) -> Reading | None:
    reading = reading_of(response)
    return reading if reading is not None and reading.wants_body else None


def _closed(response: Any) -> None:
    reading = reading_of(response)
    if reading is not None:
        reading.close()
