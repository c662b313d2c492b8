"""Answers as botocore's sessions give them: kept while the client reads them, and given again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from botocore.awsrequest import AWSResponse  # pyright: ignore[reportMissingTypeStubs] - it has none
from botocore.eventstream import EventStreamBuffer, ParserError  # pyright: ignore[reportMissingTypeStubs] - as above

from spanscore import tracing
from spanscore.integrations._answers_folder import Answer
from spanscore.integrations._answers_whole import is_whole
from spanscore.integrations._transfer import Transfer
from spanscore.integrations._wire_bodies import MAX_BODY, End, WatchedBody

_EVENT_STREAM: Final = "application/vnd.amazon.eventstream"
_LAST: Final = "messageStop"
_Response: Final[Any] = AWSResponse
_keeping = tracing.quietly("keeping an answer")
_looking = tracing.quietly("looking for a kept answer")


def key_of(transfer: Transfer, request: Any) -> str | None:
    """What the answer to a request is kept under; None where it is not."""
    with _looking:
        if isinstance(request.body, bytes):
            return transfer.key(request.method, str(request.url), request.headers, request.body)
    return None


def replayed(transfer: Transfer, key: str | None, request: Any) -> Any:
    """The response that is kept under the key, as the session gave it; None if there is none."""
    answer = transfer.kept(key)
    if answer is None:
        return None
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in answer.headers}
    return _Response(request.url, answer.status, headers, _Parts(answer.parts))


def kept_along(transfer: Transfer, key: str | None, request: Any, response: Any) -> Any:
    """`response`; its body is kept, if it is worth that: at once, or as the client reads its events."""
    if key is None or response.status_code != 200:
        return response
    with _keeping:
        keep = _keeper(transfer, key, response)
        if request.stream_output:
            response.raw = _Raw(response.raw, keep)
        elif len(response.content) <= MAX_BODY:
            keep([response.content], is_exhausted=True)
    return response


def _keeper(transfer: Transfer, key: str, response: Any) -> End:
    told: Mapping[str, str] = response.headers

    def keep(parts: Sequence[bytes], *, is_exhausted: bool) -> None:
        with _keeping:
            body = b"".join(parts)
            if not _is_whole(told, body, is_exhausted=is_exhausted):
                return
            headers = [
                (name.encode("latin-1", "replace"), str(value).encode("latin-1", "replace"))
                for name, value in told.items()
                if name.lower() != "set-cookie"
            ]
            transfer.keep(key, Answer(status=response.status_code, headers=headers, parts=parts))

    return keep


def _is_whole(headers: Mapping[str, str], body: bytes, *, is_exhausted: bool) -> bool:
    if not headers.get("content-type", "").startswith(_EVENT_STREAM):
        return is_whole(headers, body, is_exhausted=is_exhausted)
    return is_exhausted and _has_ended_well(body)


def _has_ended_well(body: bytes) -> bool:
    """Whether the events have come to the last one, and none of them is an error."""
    frames: Any = EventStreamBuffer()
    frames.add_data(body)
    try:
        events = [event.headers for event in frames]
    except ParserError:
        return False
    if any(event.get(":message-type") != "event" for event in events):
        return False
    return any(event.get(":event-type") == _LAST for event in events)


class _Raw:
    """The body of a response whose events are shown as they are read; all else is the body's."""

    def __init__(self, raw: Any, keep: End) -> None:
        self._raw = raw
        self._keep = keep

    def stream(self, *args: Any, **named: Any) -> Iterator[bytes]:
        """The body in pieces."""
        return iter(WatchedBody(self._raw.stream(*args, **named), self._keep))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


class _Parts:
    """A body that is there."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self._parts = parts

    def stream(self, *_args: Any, **_named: Any) -> Iterator[bytes]:
        """The body in the pieces in which it came."""
        return iter(self._parts)

    def close(self) -> None:
        """Nothing: there is no connection."""
