"""Events of a stream merge into the response that they bring, also when the end never comes."""

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai._models import construct_type
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

from fake_openai import Json
from fake_responses import ITEMS, MESSAGE, REASONING, begun, message, response, response_events
from spanscore.integrations.openai._responses_stream import ResponsesAccumulator

ANSWER = response(*ITEMS)
EVENTS = response_events(ANSWER)


def model(event: Json) -> Any:
    """The client's own object."""
    return construct_type(type_=cast("type[Any]", ResponseStreamEvent), value=event)


def test_the_events_are_such_as_the_clients_types_describe() -> None:
    types = TypeAdapter[Any](ResponseStreamEvent)
    for event in EVENTS:
        assert types.validate_python(event).type == event["type"]


def accumulated(events: list[Json], form: str = "plain") -> Json:
    accumulator = ResponsesAccumulator()
    for event in events:
        accumulator.add(event if form == "plain" else model(event))
    return dict(accumulator.response())


def plain(value: Any) -> Any:
    return [one if isinstance(one, dict) else one.to_dict() for one in value]


@pytest.mark.parametrize("form", ["plain", "models"])
def test_the_last_event_has_it_all(form: str) -> None:
    told = accumulated(EVENTS, form)
    assert plain(told["output"]) == ANSWER["output"]
    assert (told["id"], told["status"], told["model"]) == ("resp_1", "completed", "gpt-4o-mini-2024-07-18")


@pytest.mark.parametrize("form", ["plain", "models"])
def test_without_the_last_event_the_items_are_those_of_the_response(form: str) -> None:
    told = accumulated(EVENTS[:-1], form)
    assert told["output"] == ANSWER["output"]
    assert told["status"] == "in_progress"


@pytest.mark.parametrize("empty", [{"output": []}, {"output": None}, {}])
def test_a_last_event_without_output_leaves_what_came(empty: Json) -> None:
    last = {**EVENTS[-1], "response": {"id": "resp_1", "status": "completed", **empty}}
    told = accumulated([*EVENTS[:-1], last])
    assert (told["output"], told["status"]) == (ANSWER["output"], "completed")


@pytest.mark.parametrize("form", ["plain", "models"])
@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item['type']} {item['id']}")
def test_an_item_whose_end_never_comes_has_all_that_did(item: Json, form: str) -> None:
    events = response_events(response(item))
    texts = {
        name: item[name] for name in ("content", "summary", "arguments", "input", "code") if name in item
    }
    assert accumulated(events[:-2], form)["output"] == [{**begun(item), **texts}]


@pytest.mark.parametrize("form", ["plain", "models"])
def test_a_text_that_is_cut_off_is_kept(form: str) -> None:
    events = response_events(response(REASONING, MESSAGE))
    place = next(at for at, event in enumerate(events) if event.get("delta") == ", as")
    part = {"type": "output_text", "annotations": [], "logprobs": [], "text": "It is 24, as"}
    assert accumulated(events[: place + 1], form)["output"] == [
        REASONING,
        {**MESSAGE, "status": "in_progress", "content": [part]},
    ]


def test_annotations_are_kept_before_their_part_is_done() -> None:
    events = response_events(response(MESSAGE))
    place = next(at for at, event in enumerate(events) if event["type"].endswith("annotation.added"))
    (item,) = accumulated(events[: place + 1])["output"]
    assert item["content"] == [MESSAGE["content"][0]]


@given(st.integers(0, len(EVENTS)), st.booleans())
def test_wherever_it_is_cut_each_text_is_a_beginning_of_the_whole(end: int, as_models: bool) -> None:
    told = accumulated(EVENTS[:end], "models" if as_models else "plain")
    output = plain(told.get("output") or [])
    for item, whole in zip(output, ANSWER["output"], strict=False):
        assert item["type"] == whole["type"]
        for text, full in zip(texts_of(item), texts_of(whole), strict=False):
            assert full.startswith(text)


def texts_of(item: Json) -> list[str]:
    parts = [*item.get("summary", []), *item.get("content", [])]
    texts = [part.get("text", part.get("refusal")) for part in parts]
    return [*texts, *(item[name] for name in ("arguments", "input", "code") if name in item)]


@given(st.data())
def test_events_of_several_items_may_come_in_any_order_among_themselves(data: st.DataObject) -> None:
    waiting = [
        [event for event in EVENTS[2:-1] if event["output_index"] == index] for index in range(len(ITEMS))
    ]
    events = EVENTS[:2]
    while waiting:
        events.append(data.draw(st.sampled_from(waiting)).pop(0))
        waiting = [own for own in waiting if own]
    assert accumulated(events)["output"] == ANSWER["output"]


def test_a_stream_that_is_taken_up_in_the_middle_tells_what_it_brings() -> None:
    events = response_events(response(message("one two three")))
    place = next(at for at, event in enumerate(events) if event.get("delta") == "two ")
    assert accumulated(events[place : place + 2])["output"] == [
        {"type": "message", "content": [{"type": "output_text", "text": "two thre"}]}
    ]


def test_events_that_name_no_place_belong_to_the_first() -> None:
    events = [{"type": "response.output_text.delta", "delta": "a", "output_index": None}]
    assert accumulated([*events, {"type": "response.output_text.delta", "delta": "b"}])["output"] == [
        {"type": "message", "content": [{"type": "output_text", "text": "ab"}]}
    ]


def test_an_error_event_is_told() -> None:
    error = {"type": "error", "code": "server_error", "message": "overloaded", "param": None}
    told = accumulated([*EVENTS[:1], {**error, "sequence_number": 1}])
    assert told["error"] == {"code": "server_error", "message": "overloaded", "param": None}


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"type": None},
        {"type": {"a": 1}},
        {"type": "response.new_thing", "delta": "x"},
        {"type": "response.created", "response": None},
        {"type": "response.created", "response": "x"},
        {"type": "response.output_item.added", "output_index": [], "item": None},
        {"type": "response.output_item.added", "output_index": 0, "item": 5},
        {"type": "response.output_item.done", "output_index": 0, "item": None},
        {"type": "response.content_part.added", "output_index": 0, "content_index": {}, "part": None},
        {"type": "response.output_text.delta", "output_index": {}, "content_index": [], "delta": 5},
        {"type": "response.output_text.done", "text": None},
        {"type": "response.output_text.annotation.added", "annotation": None},
        5,
        None,
        [1],
        "text",
    ],
    ids=repr,
)
def test_events_of_another_shape_do_no_harm(event: Any) -> None:
    accumulator = ResponsesAccumulator()
    for one in (*EVENTS[:1], event, event):
        accumulator.add(one)
    assert accumulator.response()["id"] == "resp_1"


def test_the_clients_events_are_left_as_they_are() -> None:
    events = [model(event) for event in EVENTS]
    before = [event.to_dict() for event in events]
    accumulator = ResponsesAccumulator()
    for event in events[:-1]:
        accumulator.add(event)
    accumulator.response()
    assert [event.to_dict() for event in events] == before
