"""Where a span comes from."""

import pytest

from attribute_table import ORIGIN, Mapped, check

pytestmark = pytest.mark.core

TABLE = [
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
]


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.name)
def test_attribute_table(line: Mapped) -> None:
    check(line)
