"""A stream stays botocore's own object, gives what the bare one gives, and its span ends with it."""

import gc
import itertools
from typing import Any

import pytest
from botocore.eventstream import EventStream
from botocore.exceptions import EventStreamError
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from bedrock_clients import ASKED, TOLD_MESSAGES, client_of
from fake_bedrock import Event, FakeBedrock, delta, events, greeting_events, started, streamed
from span_reading import attribute, told
from spanscore.integrations.bedrock import wrap
from spanscore.testing import RecordedRecords, recorded_spans

TOOL = [
    delta(0, text="Let me see."),
    started(1, toolUse={"toolUseId": "t1", "name": "weather"}),
    *(delta(1, toolUse={"input": part}) for part in ('{"city"', ': "R', 'ome"}')),
]


@pytest.fixture
def client(server: FakeBedrock) -> Any:
    with client_of(server.url) as client:
        yield wrap(client)


def text_of(span: ReadableSpan) -> str:
    (message,) = attribute(span, "output_json")
    return "".join(block["text"] for block in message["content"])


def asked(client: Any, server: FakeBedrock, parts: list[Event], **options: Any) -> EventStream:
    server.reply(streamed(parts, **options))
    stream: EventStream = client.converse_stream(**ASKED)["stream"]
    return stream


def test_a_stream_is_told_like_a_whole_answer(
    client: Any, server: FakeBedrock, recorded: RecordedRecords
) -> None:
    stream = asked(client, server, events(*TOOL, stop_reason="tool_use"))
    assert (isinstance(stream, EventStream), type(stream).__name__) == (True, "EventStream")
    assert recorded.spans == []
    list(stream)
    stream.close()
    assert [(span.name, told(span)) for span in recorded.spans] == [
        (
            "bedrock.converse-stream",
            {
                "input": TOLD_MESSAGES,
                "output": [
                    {
                        "role": "assistant",
                        "content": [
                            {"type": "text", "text": "Let me see."},
                            {
                                "type": "tool_use",
                                "toolUse": {"toolUseId": "t1", "name": "weather", "input": {"city": "Rome"}},
                            },
                        ],
                        "stopReason": "tool_use",
                    }
                ],
                "metadata": {"provider": "bedrock", "model": ASKED["modelId"]},
                "metrics": {"prompt_tokens": 5, "completion_tokens": 7, "tokens": 12}
                | {"time_to_first_token": True},
            },
        )
    ]


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(min_value=1, max_value=60), min_size=1, max_size=12))
def test_events_are_the_bare_clients_however_the_stream_is_cut(sizes: list[int]) -> None:
    with FakeBedrock() as server, client_of(server.url) as bare, client_of(server.url) as client:
        parts = events(*TOOL, ("contentBlockStop", {"contentBlockIndex": 1}))
        wanted = list(asked(bare, server, parts))
        assert wanted == [{name: payload} for name, payload in parts]
        with recorded_spans() as recorded:
            assert list(asked(wrap(client), server, parts, sizes=sizes)) == wanted
        assert len(recorded.spans) == 1


def test_an_error_in_the_stream_is_raised_and_recorded(
    client: Any, server: FakeBedrock, recorded: RecordedRecords
) -> None:
    parts: list[Event] = [*greeting_events()[:3], ("throttlingException", {"message": "slow"})]
    stream = asked(client, server, parts)
    with pytest.raises(EventStreamError, match=r"throttlingException.*slow"):
        list(stream)
    stream.close()
    (span,) = recorded.spans
    assert text_of(span) == "Hello from"
    assert span.status.status_code is StatusCode.ERROR
    assert (span.attributes or {})["error.type"] == "botocore.exceptions.EventStreamError"
    assert (span.attributes or {})["aws.error.code"] == "throttlingException"


def test_a_stream_that_breaks_down_keeps_what_has_come(
    client: Any, server: FakeBedrock, recorded: RecordedRecords
) -> None:
    stream = asked(client, server, greeting_events()[:3], is_cut=True)
    with pytest.raises(Exception, match=r"ended prematurely|IncompleteRead|InvalidChunkLength"):
        list(stream)
    stream.close()
    (span,) = recorded.spans
    assert (text_of(span), span.status.status_code) == ("Hello from", StatusCode.ERROR)


def test_a_stream_may_be_read_in_several_goes(
    client: Any, server: FakeBedrock, recorded: RecordedRecords
) -> None:
    stream = asked(client, server, greeting_events())
    first = list(itertools.islice(stream, 2))
    gc.collect()
    assert recorded.spans == []
    assert [*first, *stream] == [{name: payload} for name, payload in greeting_events()]
    assert [text_of(span) for span in recorded.spans] == ["Hello from the fake server"]
    assert list(stream) == []
    stream.close()
    assert len(recorded.spans) == 1


def test_a_stream_that_is_closed_ends_its_span(
    client: Any, server: FakeBedrock, recorded: RecordedRecords
) -> None:
    stream = asked(client, server, greeting_events())
    for event in stream:
        if "contentBlockDelta" in event:
            break
    stream.close()
    assert [text_of(span) for span in recorded.spans] == ["Hello"]
    assert [span.status.status_code for span in recorded.spans] == [StatusCode.UNSET]


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_stream_that_is_forgotten_ends_its_span(
    client: Any, server: FakeBedrock, recorded: RecordedRecords
) -> None:
    asked(client, server, greeting_events())
    gc.collect()
    assert [told(span)["output"] for span in recorded.spans] == [None]


def test_a_stream_without_content_is_told(
    client: Any, server: FakeBedrock, recorded: RecordedRecords
) -> None:
    with_nothing = asked(client, server, [])
    assert list(with_nothing) == []
    with_nothing.close()
    assert [told(span)["output"] for span in recorded.spans] == [None]
