"""The attempts of botocore's sessions, told while somebody listens; their answers, where these are kept."""

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlsplit

from botocore.httpsession import URLLib3Session  # pyright: ignore[reportMissingTypeStubs] - it has none

from spanscore.integrations._answers_scope import kept_answers
from spanscore.integrations._call import Call
from spanscore.integrations._patch import Patch
from spanscore.integrations._transfer import transfer_of
from spanscore.integrations._watching import watching
from spanscore.integrations.bedrock._answers import kept_along, key_of, replayed
from spanscore.wire.http_attempts import HTTP_ATTEMPTS


def watching_session(call: Call | None) -> AbstractContextManager[None]:
    """Around an operation of a client: nothing, unless somebody listens or answers are kept."""
    if HTTP_ATTEMPTS.is_heard or kept_answers() is not None:
        _look_at_sessions()
    return watching(call)


@functools.cache
def _look_at_sessions() -> None:
    """Once for all sessions; requests that are no part of an operation watched do as before."""
    session: Any = URLLib3Session
    Patch().replace(session, "send", _telling(session.send))


def _telling(send: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(send)
    def told(session: Any, request: Any) -> Any:
        transfer = transfer_of(session)
        if transfer is None:
            return send(session, request)
        key = key_of(transfer, request)
        kept = replayed(transfer, key, request)
        if kept is not None:
            return kept
        host = urlsplit(str(request.url)).netloc
        try:
            response = send(session, request)
        except Exception as error:
            transfer.failed(host, error)
            raise
        transfer.answered(host, response.status_code, response.headers.items())
        return kept_along(transfer, key, request, response)

    return told
