"""Ingest: every attribute of the table, whole rows, and attributes that want to break it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider

from attribute_table import ORIGIN
from finished_spans import PROJECT, START_NS, finished
from spanscore._json import JsonText, to_json
from spanscore.store import ingest
from spanscore.store._blocks import fields_of, pack, payload, unpack
from spanscore.wire.rows import Row

pytestmark = pytest.mark.core


def test_the_whole_row_of_a_span() -> None:
    row = ingest(finished({"braintrust.input": "hi"}, trace_id=0xABC, span_id=0xD, above=0xE))
    assert row == Row(
        parent=PROJECT,
        id="000000000000000d",
        span_id="000000000000000d",
        root_span_id="00000000000000000000000000000abc",
        parent_span_id="000000000000000e",
        name="span",
        type="task",
        start_ns=START_NS,
        end_ns=START_NS + 1_000_000_000,
        fields={"input": JsonText('"hi"'), "context": to_json(ORIGIN)},
    )


@pytest.mark.parametrize(
    ("own", "default", "parent"),
    [
        ("experiment_id:e", "project_id:p", "experiment_id:e"),
        (None, "project_id:p", "project_id:p"),
        (None, "nonsense", "project_name:default-otel-project"),
        ("nonsense", "project_id:p", "project_id:p"),
        ("project_name:\ud800", "project_id:p", "project_id:p"),
    ],
)
def test_container(own: str | None, default: str, parent: str) -> None:
    assert ingest(finished(parent=own), default_parent=default).parent == parent


def test_container_without_any_hint() -> None:
    assert ingest(finished(parent=None)).parent == "project_name:default-otel-project"


def test_a_span_of_the_sdk_gives_the_row_of_the_same_span() -> None:
    """The SDK's locked mapping, its tuples and its resource are read alike."""
    ended: list[ReadableSpan] = []
    tracer = TracerProvider(resource=finished().resource, shutdown_on_exit=False).get_tracer("test.scope")
    attributes = {"braintrust.parent": PROJECT, "braintrust.tags": ["a"], "gen_ai.usage.input_tokens": 5}
    span: Any = tracer.start_span("span", attributes=attributes, start_time=START_NS)
    span.end(START_NS + 1_000_000_000)
    ended.append(span)
    ids = {"trace_id": span.get_span_context().trace_id, "span_id": span.get_span_context().span_id}
    assert ingest(ended[0]) == ingest(finished({**attributes, "braintrust.tags": ("a",)}, **ids))


KEYS = st.one_of(
    st.text(max_size=10),
    st.sampled_from(
        [
            *(
                f"braintrust.{name}"
                for name in ("input", "input_json", "output", "metadata", "metrics", "scores")
            ),
            *(
                f"braintrust.{name}"
                for name in ("tags", "span_attributes", "origin", "context_json", "parent")
            ),
            *(
                "gen_ai.request.model",
                "gen_ai.usage.input_tokens",
                "gen_ai.tool.name",
                "gen_ai.operation.name",
            ),
            *(
                "gen_ai.prompt",
                "gen_ai.prompt_json",
                "gen_ai.input.messages",
                "gen_ai.agent.tools",
                "__proto__",
            ),
        ]
    ),
    st.builds(
        "{}.{}".format,
        st.sampled_from(["braintrust.input", "braintrust.metadata", "braintrust.scores", "gen_ai.prompt"]),
        st.text(alphabet="01.a_", max_size=6),
    ),
)
PLAIN = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=20),
        st.binary(max_size=5),
        st.sampled_from(
            [
                '{"type":"scorer","x":1e999}',
                '{"type":5}',
                "[1]",
                "{",
                '{"tokens":1e400}',
                "\ud800",
                '"\ud800"',
            ]
        ),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
ATTRIBUTES = st.dictionaries(KEYS, PLAIN | PLAIN.map(to_json) | PLAIN.map(lambda value: str(to_json(value))))


@given(attributes=ATTRIBUTES, name=st.text(max_size=5), event=st.dictionaries(KEYS, PLAIN, max_size=3))
def test_no_attributes_break_it(attributes: dict[str, Any], name: str, event: dict[str, Any]) -> None:
    """Whatever comes in, a row comes out that survives being stored, and that is JSON."""
    events = [Event("exception", event), Event("gen_ai.user.message", event)]
    row = ingest(finished(attributes, name=name, events=events, parent=None))
    stored = fields_of(unpack(pack([payload(row.fields)]))[0])
    assert stored == row.fields
    assert all(isinstance(value, dict) for value in (row.metadata, row.scores, row.context, row.metrics))
    (row.name + row.type + row.parent).encode()
    to_json(row.as_dict())
