"""Batches of messages: what is done with them is told by ids and figures, never by content."""

from collections.abc import Callable
from typing import Any, Final, cast

from spanscore.integrations._endpoint import Description, Endpoint, Request
from spanscore.integrations._plain import Fields, fields_of, plain

_PATH: Final = "/v1/messages/batches"
_FACTS: Final = ("id", "type", "processing_status", "request_counts")
_SPAN_TYPE: Final = "function"
"""They are no calls of a model: a batch is answered, and billed, later and elsewhere."""


def _operation(method: str, path: str, verb: str, asked: Callable[[Request], Fields]) -> Endpoint:
    return Endpoint(
        method=method,
        path=path,
        span_name=f"anthropic.messages.batches.{verb}",
        span_type=_SPAN_TYPE,
        request=lambda request: Description(input=asked(request)),
        response=_response,
    )


def _size(request: Request) -> Fields:
    requests = request.body.get("requests")
    return {"requests": len(cast("list[Any]", requests))} if isinstance(requests, list) else {}


def _id(request: Request) -> Fields:
    return {"id": request.path.partition("?")[0].split("/")[4]}


def _response(response: Any) -> Description:
    answer = fields_of(response)
    told = {name: plain(answer[name]) for name in _FACTS if answer.get(name) is not None}
    return Description(output=told or None)


BATCHES: Final = (
    _operation("POST", _PATH, "create", _size),
    _operation("GET", f"{_PATH}/{{id}}", "retrieve", _id),
    _operation("POST", f"{_PATH}/{{id}}/cancel", "cancel", _id),
    _operation("DELETE", f"{_PATH}/{{id}}", "delete", _id),
)
"""Listing batches and reading their results pass through."""
