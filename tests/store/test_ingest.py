"""Ingest: every attribute of the table, whole rows, and attributes that want to break it."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.trace import Status, StatusCode

from finished_spans import PROJECT, START_NS, failed, finished
from spanscore._json import JsonText, to_json
from spanscore.store import ingest
from spanscore.store._blocks import fields_of, pack, payload, unpack
from spanscore.wire.rows import FIELDS, Row

pytestmark = pytest.mark.core

ORIGIN = {
    "span_origin": {
        "name": "opentelemetry",
        "version": "1.45.2",
        "instrumentation": {"name": "test.scope"},
    }
}


@dataclass(frozen=True)
class Mapped:
    """A line of the table: attributes and events, and the fields that they make."""

    name: str
    attributes: dict[str, Any]
    fields: dict[str, Any]
    type: str = "task"
    events: list[Event] = field(default_factory=list)
    span_name: str = "span"


MESSAGES = [{"role": "user", "content": "hi"}]
MESSAGES_JSON = '[{"role":"user","content":"hi"}]'

TABLE = [
    Mapped("nothing", {}, {}),
    Mapped("input is text", {"braintrust.input": '{"a": 1}'}, {"input": '{"a": 1}'}),
    Mapped("input is JSON", {"braintrust.input_json": '{"a": [1]}'}, {"input": {"a": [1]}}),
    Mapped("input of ours", {"braintrust.input_json": to_json({"a": 1})}, {"input": {"a": 1}}),
    Mapped("input null", {"braintrust.input_json": "null"}, {"input": None}),
    Mapped(
        "input is flattened",
        {
            "braintrust.input.0.role": "user",
            "braintrust.input.0.content": "hi",
            "braintrust.input.10.role": "x",
        },
        {"input": [{"role": "user", "content": "hi"}, {"role": "x"}]},
    ),
    Mapped(
        "JSON input wins over text, which is kept",
        {"braintrust.input_json": "1", "braintrust.input": "two"},
        {"input": 1, "metadata": {"braintrust.input": "two"}},
    ),
    Mapped(
        "invalid JSON is metadata",
        {"braintrust.input_json": "{no", "braintrust.output_json": 5},
        {"metadata": {"braintrust.input_json": "{no", "braintrust.output_json": 5}},
    ),
    Mapped("output is text", {"braintrust.output": "out"}, {"output": "out"}),
    Mapped("output is JSON", {"braintrust.output_json": "[1,2]"}, {"output": [1, 2]}),
    Mapped("output is flattened", {"braintrust.output.answer": 4}, {"output": {"answer": 4}}),
    Mapped("expected is any primitive", {"braintrust.expected": 4.5}, {"expected": 4.5}),
    Mapped("expected is JSON", {"braintrust.expected_json": "true"}, {"expected": True}),
    Mapped("metadata", {"braintrust.metadata": '{"model":"m"}'}, {"metadata": {"model": "m"}}),
    Mapped(
        "metadata is flattened",
        {"braintrust.metadata.model": "m", "braintrust.metadata.a.b": 1},
        {"metadata": {"model": "m", "a": {"b": 1}}},
    ),
    Mapped(
        "metadata in both forms: the object wins",
        {
            "braintrust.metadata": '{"model":"m"}',
            "braintrust.metadata.model": "x",
            "braintrust.metadata.k": 1,
        },
        {"metadata": {"model": "m", "k": 1}},
    ),
    Mapped(
        "metadata that is a list",
        {"braintrust.metadata": "[1]"},
        {"metadata": {"braintrust.metadata": "[1]"}},
    ),
    Mapped("metadata under numbers", {"braintrust.metadata.0": "x"}, {"metadata": {"0": "x"}}),
    Mapped("metrics", {"braintrust.metrics": '{"tokens":3}'}, {"metrics": {"tokens": 3}}),
    Mapped("metrics flattened", {"braintrust.metrics.a.b": 3}, {"metrics": {"a.b": 3}}),
    Mapped("scores", {"braintrust.scores": '{"exact":null}'}, {"scores": {"exact": None}}),
    Mapped("scores flattened", {"braintrust.scores.exact.match": 0.5}, {"scores": {"exact.match": 0.5}}),
    Mapped("tags", {"braintrust.tags": ("a", "b")}, {"tags": ["a", "b"]}),
    Mapped("tags that are no list", {"braintrust.tags": "a"}, {"metadata": {"braintrust.tags": "a"}}),
    Mapped(
        "span attributes",
        {"braintrust.span_attributes": '{"type":"llm","name":"call","purpose":"scorer"}'},
        {"span_attributes": {"purpose": "scorer"}},
        type="llm",
        span_name="call",
    ),
    Mapped(
        "span attributes flattened",
        {"braintrust.span_attributes.type": "tool", "braintrust.span_attributes.name": "t"},
        {},
        type="tool",
        span_name="t",
    ),
    Mapped("origin", {"braintrust.origin": '{"id":"r1"}'}, {"origin": {"id": "r1"}}),
    Mapped(
        "context",
        {"braintrust.context_json": '{"span_origin":{"environment":{"type":"ci"}},"x":1}'},
        {
            "context": {
                "span_origin": {
                    "instrumentation": {"name": "test.scope"},
                    "name": "opentelemetry",
                    "version": "1.45.2",
                    "environment": {"type": "ci"},
                },
                "x": 1,
            }
        },
    ),
    Mapped(
        "an origin that names itself keeps its version",
        {"braintrust.context_json": '{"span_origin":{"name":"mine","instrumentation":{"name":"i"}}}'},
        {"context": {"span_origin": {"name": "mine", "instrumentation": {"name": "i"}}}},
    ),
    Mapped(
        "code",
        {"code.function.name": "f", "code.file.path": "a.py", "code.line.number": 7},
        {"context": {"caller_functionname": "f", "caller_filename": "a.py", "caller_lineno": 7, **ORIGIN}},
    ),
    Mapped(
        "classifications",
        {"braintrust.classifications": '{"k":[{"id":"pos"}]}'},
        {"classifications": {"k": [{"id": "pos"}]}},
    ),
    Mapped(
        "unmapped", {"http.method": "GET", "n": (1, 2)}, {"metadata": {"http.method": "GET", "n": [1, 2]}}
    ),
    Mapped("routing", {"braintrust.org": "o", "braintrust.app_url": "u"}, {}),
    Mapped(
        "no container that anybody knows",
        {"braintrust.parent": "nonsense"},
        {"metadata": {"braintrust.parent": "nonsense"}},
    ),
    Mapped(
        "preserved",
        {"braintrust.otel.preserve_attributes": True, "braintrust.input_json": "[1]", "x": "y"},
        {
            "input": [1],
            "metadata": {"braintrust.otel.preserve_attributes": True, "braintrust.input_json": [1], "x": "y"},
        },
    ),
    Mapped("input messages", {"gen_ai.input.messages": MESSAGES_JSON}, {"input": MESSAGES}),
    Mapped("output messages", {"gen_ai.output.messages": MESSAGES_JSON}, {"output": MESSAGES}),
    Mapped("prompt", {"gen_ai.prompt": "hi"}, {"input": "hi"}),
    Mapped("prompt as JSON", {"gen_ai.prompt_json": MESSAGES_JSON}, {"input": MESSAGES}),
    Mapped(
        "prompt flattened",
        {"gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": "hi"},
        {"input": MESSAGES},
    ),
    Mapped("completion", {"gen_ai.completion": "ho"}, {"output": "ho"}),
    Mapped("completion as JSON", {"gen_ai.completion_json": '{"a":1}'}, {"output": {"a": 1}}),
    Mapped("completion flattened", {"gen_ai.completion.0.content": "ho"}, {"output": [{"content": "ho"}]}),
    Mapped(
        "braintrust's input wins over messages, which are kept",
        {"braintrust.input_json": "1", "gen_ai.prompt": "hi"},
        {"input": 1, "metadata": {"gen_ai.prompt": "hi"}},
    ),
    Mapped(
        "request",
        {"gen_ai.request.model": "openai/gpt-4o", "gen_ai.request.temperature": 0.5},
        {"metadata": {"model": "gpt-4o", "temperature": 0.5}},
    ),
    Mapped(
        "the model of an organisation, no provider",
        {"gen_ai.request.model": "meta-llama/Llama-3"},
        {"metadata": {"model": "meta-llama/Llama-3"}},
    ),
    Mapped("chat", {"gen_ai.operation.name": "chat"}, {}, type="llm"),
    Mapped("tool run", {"gen_ai.operation.name": "execute_tool"}, {}, type="tool"),
    Mapped(
        "another operation",
        {"gen_ai.operation.name": "dance"},
        {"metadata": {"gen_ai.operation.name": "dance"}},
    ),
    Mapped(
        "the type that was said wins",
        {"gen_ai.operation.name": "chat", "braintrust.span_attributes": '{"type":"function"}'},
        {},
        type="function",
    ),
    Mapped(
        "tool name",
        {"gen_ai.tool.name": "search"},
        {"metadata": {"tools": [{"type": "function", "function": {"name": "search"}}]}},
        type="tool",
    ),
    Mapped("agent tools", {"gen_ai.agent.tools": '[{"name":"t"}]'}, {"metadata": {"tools": [{"name": "t"}]}}),
    Mapped(
        "usage",
        {"gen_ai.usage.input_tokens": 5, "gen_ai.usage.output_tokens": 2},
        {"metrics": {"prompt_tokens": 5, "completion_tokens": 2, "tokens": 7}},
    ),
    Mapped(
        "usage in old names",
        {
            "gen_ai.usage.prompt_tokens": 5,
            "gen_ai.usage.completion_tokens": 2,
            "gen_ai.usage.total_tokens": 9,
        },
        {"metrics": {"prompt_tokens": 5, "completion_tokens": 2, "tokens": 9}},
    ),
    Mapped("half a usage", {"gen_ai.usage.input_tokens": 5}, {"metrics": {"prompt_tokens": 5}}),
    Mapped(
        "usage of the cache, and one that nobody knows",
        {"gen_ai.usage.cache_read.input_tokens": 4, "gen_ai.usage.sparks": 1, "gen_ai.usage.cost": "free"},
        {
            "metrics": {"prompt_cached_tokens": 4, "sparks": 1},
            "metadata": {"gen_ai.usage.cost": "free"},
        },
    ),
    Mapped(
        "metrics that were said win",
        {"gen_ai.usage.input_tokens": 5, "braintrust.metrics": '{"prompt_tokens":6}'},
        {"metrics": {"prompt_tokens": 6}},
    ),
    Mapped(
        "messages in events win over attributes",
        {"gen_ai.prompt": "no", "gen_ai.completion": "no"},
        {
            "input": [{"role": "system", "content": "be"}, {"role": "user", "content": "hi"}],
            "output": [{"index": 0, "finish_reason": "stop", "message": {"content": "ho"}}],
            "metadata": {"gen_ai.prompt": "no", "gen_ai.completion": "no"},
        },
        events=[
            Event("gen_ai.system.message", {"content": "be", "gen_ai.system": "openai"}),
            Event("gen_ai.user.message", {"content": "hi"}),
            Event("gen_ai.choice", {"index": 0, "finish_reason": "stop", "message": '{"content":"ho"}'}),
        ],
    ),
    Mapped(
        "answers and tools in events",
        {},
        {
            "input": [{"role": "tool", "id": "c1", "content": "[1]"}],
            "output": [{"role": "assistant", "content": "ho"}],
        },
        events=[
            Event("gen_ai.tool.message", {"id": "c1", "content": "[1]"}),
            Event("gen_ai.assistant.message", {"content": "ho"}),
        ],
    ),
    Mapped(
        "a scorer of the old specification",
        {"braintrust.span_attributes": '{"type":"scorer","purpose":"scorer","exact":0.8}'},
        {"scores": {"exact": 0.8}, "span_attributes": {"purpose": "scorer"}},
        type="score",
    ),
    Mapped(
        "keys of prototypes are data",
        {"__proto__.x": 1, "braintrust.metadata.__proto__.y": 2, "constructor": "c"},
        {"metadata": {"__proto__": {"y": 2}, "__proto__.x": 1, "constructor": "c"}},
    ),
]


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.name)
def test_attribute_table(line: Mapped) -> None:
    row = ingest(finished(line.attributes, events=line.events, name="span"))
    expected: dict[str, Any] = dict.fromkeys(FIELDS)
    expected |= {
        "metrics": {"start": START_NS / 1e9, "end": START_NS / 1e9 + 1, **line.fields.get("metrics", {})},
        "context": ORIGIN,
    }
    expected |= {key: value for key, value in line.fields.items() if key != "metrics"}
    about = {"name": line.span_name, "type": line.type, **line.fields.get("span_attributes", {})}
    assert {name: row.as_dict()[name] for name in FIELDS} == expected | {"span_attributes": about}


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


EXCEPTION = Event(
    "exception",
    {"exception.type": "ValueError", "exception.message": "no", "exception.stacktrace": "Traceback…"},
)


@pytest.mark.parametrize(
    ("events", "status", "attributes", "error"),
    [
        ([], Status(StatusCode.UNSET), {}, None),
        ([], failed("boom"), {}, "boom"),
        ([], Status(StatusCode.ERROR), {}, "error"),
        ([], Status(StatusCode.ERROR), {"error.type": "Timeout"}, "Timeout"),
        ([EXCEPTION], failed("boom"), {}, "ValueError: no\n\nTraceback…"),
        ([EXCEPTION, Event("exception", {"exception.message": "later"})], failed(), {}, "later"),
        ([EXCEPTION], Status(StatusCode.UNSET), {}, "ValueError: no\n\nTraceback…"),
        ([EXCEPTION], Status(StatusCode.OK), {}, None),
        ([Event("exception", {})], failed(), {}, "exception"),
    ],
)
def test_error(events: list[Event], status: Status, attributes: dict[str, Any], error: str | None) -> None:
    assert ingest(finished(attributes, events=events, status=status)).error == error


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
