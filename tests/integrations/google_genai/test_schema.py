"""Schemas as JSON Schema, compared with what google-genai makes of them."""

from typing import Any

import pytest
from google.genai import types
from hypothesis import given
from hypothesis import strategies as st

from spanscore.integrations.google_genai._schema import json_schema

_NAMES = st.text("abcdefgh", min_size=1, max_size=5)
_PLAIN = st.builds(
    types.Schema,
    type=st.sampled_from(["STRING", "INTEGER", "NUMBER", "BOOLEAN"]),
    description=st.none() | _NAMES,
    format=st.none() | _NAMES,
    enum=st.none() | st.lists(_NAMES, min_size=1),
    nullable=st.none() | st.just(True),
)


def _nested(schemas: st.SearchStrategy[types.Schema]) -> st.SearchStrategy[types.Schema]:
    arrays = st.builds(
        types.Schema, type=st.just("ARRAY"), items=schemas, min_items=st.none() | st.integers(0, 5)
    )
    objects = st.builds(
        types.Schema,
        type=st.just("OBJECT"),
        properties=st.dictionaries(_NAMES, schemas, min_size=1, max_size=3),
        required=st.none() | st.lists(_NAMES, min_size=1),
        title=st.none() | _NAMES,
    )
    either = st.builds(types.Schema, any_of=st.lists(schemas, min_size=1, max_size=3))
    return arrays | objects | either


@given(st.recursive(_PLAIN, _nested, max_leaves=6))
def test_a_schema_is_what_google_makes_of_it(schema: types.Schema) -> None:
    sent = schema.model_dump(mode="json", by_alias=True, exclude_none=True)
    expected = schema.json_schema.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert _in_order(json_schema(sent)) == _in_order(expected)


def _in_order(schema: Any) -> Any:
    """Without the order of types, of which Google's own conversion has the null now first, now last."""
    if isinstance(schema, list):
        return [_in_order(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    types_given = schema.get("type")
    sorted_types = {"type": sorted(types_given)} if isinstance(types_given, list) else {}
    return {_OF_OLD.get(name, name): _in_order(value) for name, value in schema.items()} | sorted_types


_OF_OLD = {"any_of": "anyOf", "min_items": "minItems"}
"""What older versions of google-genai call these, which is no JSON Schema."""


@pytest.mark.parametrize(
    ("schema", "converted"),
    [
        ({"type": "TYPE_UNSPECIFIED"}, {}),
        ({"properties": {"type": {"type": "STRING"}}}, {"properties": {"type": {"type": "string"}}}),
        (
            {"anyOf": [{"type": "STRING"}], "nullable": True},
            {"anyOf": [{"type": "string"}, {"type": "null"}]},
        ),
        ({"nullable": False, "type": "STRING"}, {"type": "string"}),
        ({"additionalProperties": {"type": "STRING"}}, {"additionalProperties": {"type": "string"}}),
        ({"additionalProperties": True}, {"additionalProperties": True}),
        ({"type": 5, "items": None, "anyOf": "x", "properties": [1]},) * 2,
        (None, None),
        ("x", "x"),
    ],
)
def test_other_schemas(schema: Any, converted: Any) -> None:
    assert json_schema(schema) == converted
