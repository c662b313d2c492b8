"""`wrap_litellm`: record the calls of litellm."""

import sys
from typing import TypeVar

from spanscore.errors import InstrumentError

__all__ = ["wrap_litellm"]

_Module = TypeVar("_Module")


def wrap_litellm(litellm: _Module) -> _Module:
    """The same module, whose calls are recorded as spans from now on, while recording is on.

    Of litellm 1.78 and later: `completion`, `text_completion`, `responses`, `embedding`, `image_generation`,
    `moderation`, `speech`, `transcription`, their asynchronous twins, and all of these through a `Router`. A
    call is one span, whatever is tried again or elsewhere, and whichever recorded client is below. Functions
    that were imported by their names before are not recorded. Metadata and a name for the span of a single
    call can be given as `span_info={"metadata": {…}, "name": …}`, which is not sent.

    Raises InstrumentError if `litellm` is not the module or too old.
    """
    if sys.modules.get("litellm") is None:
        raise InstrumentError(
            f"{type(litellm).__qualname__!r} object is not the module litellm, which is not imported; "
            "so import it first: import litellm; wrap_litellm(litellm)"
        )
    # Imported here, since it imports openai and the engine: who only names it pays for neither.
    from spanscore.integrations.litellm import wrap  # noqa: PLC0415

    return wrap(litellm)
