"""The pieces of a streamed answer, by the events that carry them."""

from typing import Any

import pytest

from spanscore.errors import InvokeError
from spanscore.functions import (
    BraintrustConsoleChunk,
    BraintrustErrorChunk,
    BraintrustJsonChunk,
    BraintrustProgressChunk,
    BraintrustTextChunk,
    chunk_of,
)

pytestmark = pytest.mark.core

PROGRESS = (
    '{"data":"d","id":"i","object_type":"task","format":"code","output_type":"completion",'
    '"name":"n","event":"text_delta"}'
)


@pytest.mark.parametrize(
    ("event", "data", "chunk"),
    [
        ("text_delta", '"Hi \\u00e9"', BraintrustTextChunk("Hi é")),
        ("json_delta", '{"a":', BraintrustJsonChunk('{"a":')),
        ("error", '"it failed"', BraintrustErrorChunk("it failed")),
        ("error", '{"message":"it failed"}', BraintrustErrorChunk('{"message":"it failed"}')),
        ("error", "no JSON", BraintrustErrorChunk("no JSON")),
        ("console", '{"stream":"stderr","message":"m"}', BraintrustConsoleChunk("m", "stderr")),
        (
            "progress",
            PROGRESS,
            BraintrustProgressChunk("d", "i", "task", "code", "completion", "n", "text_delta"),
        ),
        ("done", "", None),
        ("start", "{}", None),
        ("something new", "?", None),
    ],
)
def test_each_event_is_its_piece(event: str, data: str, chunk: Any) -> None:
    assert chunk_of(event, data) == chunk


@pytest.mark.parametrize(("event", "data"), [("text_delta", "no JSON"), ("console", "[]"), ("progress", "3")])
def test_what_cannot_be_read_is_an_error(event: str, data: str) -> None:
    with pytest.raises(InvokeError, match=f"the server sent an event {event} that cannot be read: "):
        chunk_of(event, data)
