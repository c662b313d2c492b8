"""`wrap_openai`: record the calls of an OpenAI client."""

import sys
from typing import TypeVar

from spanscore.errors import InstrumentError

__all__ = ["wrap_openai"]

_Client = TypeVar("_Client")


def wrap_openai(client: _Client) -> _Client:
    """The same client, whose calls are recorded as spans while recording is on.

    Takes `OpenAI`, `AsyncOpenAI` and their Azure variants of openai 1.55.3 and later; clients made from it
    by `with_options()` or `copy()` are recorded too, and wrapping twice records once. Answers, streams and
    errors are the client's own. Metadata and a name for the span of a single call can be sent along as
    `extra_body={"span_info": {"metadata": {…}, "name": …}}`, which is taken out of the request.

    Raises InstrumentError if `client` is no OpenAI client or openai is too old.
    """
    if "openai" not in sys.modules:
        raise InstrumentError(
            f"{type(client).__qualname__!r} object is no OpenAI client; openai is not imported, "
            "so make one first: from openai import OpenAI; wrap_openai(OpenAI())"
        )
    # Imported here, since it imports openai and the engine: who only names `wrap_openai` pays for neither.
    from spanscore.integrations.openai import wrap  # noqa: PLC0415

    return wrap(client)
