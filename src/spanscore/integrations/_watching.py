"""Whether the requests of a client's call are watched."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

from spanscore import tracing
from spanscore.integrations._answers_scope import kept_answers
from spanscore.integrations._call import Call, call_around
from spanscore.integrations._transfer import Transfer, transfer_of
from spanscore.wire.http_attempts import HTTP_ATTEMPTS

_NOBODY: Final = nullcontext()
_preparing = tracing.quietly("preparing to watch a request of a provider's client")


def watching(call: Call | None, http_client: Any = None) -> AbstractContextManager[None]:
    """Around the requests of a client's call: nothing, unless somebody listens or answers are kept.

    A call inside another is watched as part of that. Without `http_client` all HTTP clients are meant.
    """
    keeping = kept_answers()
    if keeping is None and not HTTP_ATTEMPTS.is_heard:
        return _NOBODY
    with _preparing:
        if transfer_of(http_client) is None:
            # Only then are there transports to be looked at.
            from spanscore.integrations._aiohttp_sessions import look_at_sessions  # noqa: PLC0415
            from spanscore.integrations._transports import look_at_transports  # noqa: PLC0415

            look_at_transports()
            look_at_sessions()
            # The call around it is the one that is recorded, be it one that has come here by a thread.
            return Transfer(call or call_around(), http_client, keeping)
    return _NOBODY
