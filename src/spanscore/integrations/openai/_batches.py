"""How operations on batches are described: by ids, status and counts of requests."""

from typing import Any, Final

from spanscore.integrations._endpoint import Endpoint, Request
from spanscore.integrations._plain import Fields
from spanscore.integrations.openai._answer import facts
from spanscore.integrations.openai._operations import id_in, listed, operation, told

_ASKED: Final = ("endpoint", "input_file_id", "completion_window")
_FIELDS: Final = (
    "id",
    "endpoint",
    "status",
    "input_file_id",
    "output_file_id",
    "error_file_id",
    "request_counts",
)
"""Without the usage: whoever asks for a batch twice has not paid for its tokens twice."""


def _created(request: Request) -> Fields:
    return facts(request.body, *_ASKED)


def _one(request: Request) -> Fields:
    return {"batch_id": id_in(request)}


def _batch(response: Any) -> Fields:
    return told(response, *_FIELDS)


BATCHES: Final[tuple[Endpoint, ...]] = (
    operation("POST", "/batches", "openai.batches.create", asked=_created, answered=_batch),
    operation("GET", "/batches", "openai.batches.list", asked=lambda _: {}, answered=listed),
    operation("GET", "/batches/{id}", "openai.batches.retrieve", asked=_one, answered=_batch),
    operation("POST", "/batches/{id}/cancel", "openai.batches.cancel", asked=_one, answered=_batch),
)
"""Starting, listing, looking at and cancelling batches."""
