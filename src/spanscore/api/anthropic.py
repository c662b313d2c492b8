"""`wrap_anthropic`: record the calls of an Anthropic client."""

import sys
from typing import TypeVar

from spanscore.errors import InstrumentError

__all__ = ["wrap_anthropic"]

_Client = TypeVar("_Client")


def wrap_anthropic(client: _Client) -> _Client:
    """The same client, whose messages are recorded as spans while recording is on.

    Takes `Anthropic`, `AsyncAnthropic` and the clients for Bedrock, Vertex and other platforms, of anthropic
    0.40 and later; clients made from it by `with_options()` or `copy()` are recorded too, and wrapping twice
    records once. Answers, streams and errors are the client's own. A run of the tool runner is a `task` with
    the calls of model and tools below it. Metadata and a name for the span of a single call can be sent along
    as `extra_body={"span_info": {"metadata": {…}, "name": …}}`, which is taken out of the request.

    Raises InstrumentError if `client` is no Anthropic client or anthropic is too old.
    """
    if "anthropic" not in sys.modules:
        raise InstrumentError(
            f"{type(client).__qualname__!r} object is no Anthropic client; anthropic is not imported, "
            "so make one first: from anthropic import Anthropic; wrap_anthropic(Anthropic())"
        )
    # Imported here, since it imports anthropic and the engine: who only names it pays for neither.
    from spanscore.integrations.anthropic import wrap  # noqa: PLC0415

    return wrap(client)
