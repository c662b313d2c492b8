"""Whether an answer has arrived whole and is one, so that it may be given again."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from spanscore.integrations._plain import Fields, fields_of, json_value
from spanscore.integrations._reading import sse_data
from spanscore.integrations._unreadable import says_json

_LAST: Final = frozenset({"message_stop", "response.completed", "response.incomplete"})
_FAILED: Final = frozenset({"error", "response.failed"})
_UNFINISHED: Final = frozenset({"failed", "cancelled", "in_progress", "queued"})


def is_whole(headers: Mapping[str, str], body: bytes, *, is_exhausted: bool) -> bool:
    """Whether `body`, decoded, is all of a successful answer; `is_exhausted` says it was read to its end.

    A stream of events must have its last one, since a connection may be cut off between two, and clients
    close streams without reading what follows.
    """
    content_type = headers.get("content-type", "")
    if content_type.startswith("text/event-stream"):
        return _is_whole_stream(body, is_exhausted=is_exhausted)
    return is_exhausted and says_json(content_type) and _is_answer(json_value(body))


def _is_answer(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_answer(item) for item in cast("list[Any]", value))
    if not isinstance(value, dict):
        return False
    answer = cast("Fields", value)
    return (
        not answer.get("error") and answer.get("type") != "error" and answer.get("status") not in _UNFINISHED
    )


def _is_whole_stream(body: bytes, *, is_exhausted: bool) -> bool:
    events = [fields_of(event) for event in sse_data(body)]
    if not events or any(event.get("error") or event.get("type") in _FAILED for event in events):
        return False
    if any(event.get("type") in _LAST for event in events) or _says_done(body):
        return True
    # Google's streams have no last event.
    return is_exhausted and any(_is_finished(event) for event in events)


def _says_done(body: bytes) -> bool:
    return any(line[5:].strip() == b"[DONE]" for line in body.splitlines() if line.startswith(b"data:"))


def _is_finished(event: Fields) -> bool:
    candidates = event.get("candidates")
    given = cast("Sequence[Any]", candidates) if isinstance(candidates, list) else ()
    return any(fields_of(candidate).get("finishReason") for candidate in given)
