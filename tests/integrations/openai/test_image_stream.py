"""Of streamed images the finished ones are kept; before there is one, the latest that is not."""

from typing import Any

import pytest

from spanscore.integrations.openai._image_stream import ImagesAccumulator


def partial(number: int, image: str, **fields: Any) -> dict[str, Any]:
    return {
        "type": "image_generation.partial_image",
        "partial_image_index": number,
        "b64_json": image,
        **fields,
    }


def completed(image: str, **fields: Any) -> dict[str, Any]:
    return {"type": "image_generation.completed", "b64_json": image, **fields}


CASES: dict[str, tuple[list[Any], dict[str, Any]]] = {
    "nothing": ([], {"data": []}),
    "partial images": (
        [partial(0, "a"), partial(1, "b", size="auto")],
        {"size": "auto", "data": [{"b64_json": "b", "partial_image_index": 1}]},
    ),
    "a finished image": (
        [partial(0, "a"), completed("c", usage={"total_tokens": 1})],
        {"usage": {"total_tokens": 1}, "data": [{"b64_json": "c"}]},
    ),
    "several": ([completed("a"), completed("b")], {"data": [{"b64_json": "a"}, {"b64_json": "b"}]}),
    "other events": (
        [partial(0, "a"), {"type": "keepalive"}],
        {"data": [{"b64_json": "a", "partial_image_index": 0}]},
    ),
    "events of another shape": ([None, 5, "x", [], {}, {"type": None}, {"type": 5}], {"data": []}),
    "images of another type": ([completed(5)], {"data": [{"b64_json": 5}]}),  # type: ignore[arg-type]
}


@pytest.mark.parametrize(("events", "answer"), CASES.values(), ids=CASES.keys())
def test_response(events: list[Any], answer: dict[str, Any]) -> None:
    accumulator = ImagesAccumulator()
    for one in events:
        accumulator.add(one)
    assert accumulator.response() == answer
