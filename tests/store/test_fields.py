"""Attributes of Braintrust, and those that nobody maps."""

import pytest

from attribute_table import Mapped, check
from spanscore._json import to_json

pytestmark = pytest.mark.core

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
    check(line)
