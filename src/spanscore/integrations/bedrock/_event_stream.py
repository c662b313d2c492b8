"""Event streams of botocore, watched while their caller reads them."""

from collections.abc import Generator
from functools import cache
from typing import Any, Final, cast

from spanscore.integrations._reading import Reading, passed_on

_READING: Final = "_spanscore_reading"


def watched_events(stream: Any, reading: Reading) -> None:
    """Let `reading` see the events of an EventStream, and end with it: exhausted, closed or collected.

    The stream's class is exchanged for a subclass, so that it stays an EventStream. It may be read in several
    goes, as the bare one may.
    """
    reading.expect_chunks()
    kind = cast("type[Any]", type(stream))
    stream.__class__ = _watched_class(kind)
    setattr(stream, _READING, reading)
    reading.end_with(stream)


@cache
def _watched_class(base: type[Any]) -> type[Any]:
    def __iter__(stream: Any) -> Generator[Any, None, None]:  # noqa: N807 - it becomes that method
        return passed_on(base.__iter__(stream), lambda: getattr(stream, _READING), Reading.add_chunk)

    def close(stream: Any) -> Any:
        try:
            return base.close(stream)
        finally:
            getattr(stream, _READING).close()

    naming = {"__module__": base.__module__, "__qualname__": base.__qualname__, "__doc__": base.__doc__}
    return type(base.__name__, (base,), {**naming, "__iter__": __iter__, "close": close})
