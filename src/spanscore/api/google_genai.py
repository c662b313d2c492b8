"""`wrap_google_genai`: record the calls of a Google GenAI client."""

import sys
from typing import TypeVar

from spanscore.errors import InstrumentError

__all__ = ["wrap_google_genai"]

_Client = TypeVar("_Client")


def wrap_google_genai(client: _Client) -> _Client:
    """The same client, whose requests to models are recorded as spans while recording is on.

    Takes a `google.genai.Client`, for the Gemini API or Vertex AI, of google-genai 1.25 and later. Its
    `models`, its `aio` and its chats are recorded, those made before too; wrapping twice records once.
    Answers, streams and errors are the client's own. Where the client executes functions for the model, the
    call is a `task` with the requests and the functions below it. Metadata and a name for the span of a
    single call can be sent along in its configuration as
    `http_options={"extra_body": {"span_info": {"metadata": {…}, "name": …}}}`, which is taken out of the
    request.

    Raises InstrumentError if `client` is no Google GenAI client or google-genai is too old.
    """
    if "google.genai" not in sys.modules:
        raise InstrumentError(
            f"{type(client).__qualname__!r} object is no google-genai client; google.genai is not imported, "
            "so make one first: from google import genai; wrap_google_genai(genai.Client())"
        )
    # Imported here, since it imports google.genai and the engine: who only names it pays for neither.
    from spanscore.integrations.google_genai import wrap  # noqa: PLC0415

    return wrap(client)
