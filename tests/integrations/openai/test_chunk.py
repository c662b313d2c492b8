"""The fields of whatever a stream yields."""

from types import MappingProxyType
from typing import Any

import pytest
from openai._models import BaseModel, construct_type

from spanscore.integrations.openai._chunk import chunk_fields, listed


class Event(BaseModel):
    type: str
    delta: str | None = None


class Bare:
    def __init__(self) -> None:
        self.type = "own"


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        (construct_type(type_=Event, value={"type": "a"}), {"type": "a", "delta": None}),
        (construct_type(type_=Event, value={"type": "a", "new": 1}), {"type": "a", "delta": None, "new": 1}),
        ({"type": "a"}, {"type": "a"}),
        (MappingProxyType({"type": "a"}), {"type": "a"}),
        (Bare(), {}),
        (None, {}),
        ("text", {}),
        ([1], {}),
    ],
)
def test_chunk_fields(value: Any, fields: dict[str, Any]) -> None:
    assert chunk_fields(value) == fields


@pytest.mark.parametrize(("value", "items"), [([1], [1]), ((1,), []), (None, []), ("a", [])])
def test_listed(value: Any, items: list[Any]) -> None:
    assert listed(value) == items
