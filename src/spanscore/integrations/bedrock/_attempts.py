"""The attempts of botocore's sessions, told while somebody listens."""

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlsplit

from botocore.httpsession import URLLib3Session  # pyright: ignore[reportMissingTypeStubs] - it has none

from spanscore.integrations._call import Call
from spanscore.integrations._patch import Patch
from spanscore.integrations._transfer import transfer_of
from spanscore.integrations._watching import watching
from spanscore.wire.http_attempts import HTTP_ATTEMPTS


def watching_session(call: Call | None) -> AbstractContextManager[None]:
    """Around an operation of a client: nothing, unless somebody listens. Answers are not kept."""
    if HTTP_ATTEMPTS.is_heard:
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
        host = urlsplit(str(request.url)).netloc
        try:
            response = send(session, request)
        except Exception as error:
            transfer.failed(host, error)
            raise
        transfer.answered(host, response.status_code, response.headers.items())
        return response

    return told
