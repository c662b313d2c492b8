"""What a log record says."""

from typing import Any

import pytest

from spanscore.api._log_records import record_of

pytestmark = pytest.mark.core


class Hostile:
    def __format__(self, spec: str) -> str:
        raise SystemError


@pytest.mark.parametrize(
    ("body", "metadata", "parameters", "expected"),
    [
        ("a {b}", None, {}, ("a {b}", None)),
        (
            "a {b}",
            {"k": 1},
            {"b": 2},
            ("a 2", {"k": 1, "braintrust.template.parameter.b": 2, "braintrust.template": "a {b}"}),
        ),
        (
            "a {c}",
            None,
            {"b": 2},
            ("a {c}", {"braintrust.template.parameter.b": 2, "braintrust.template": "a {c}"}),
        ),
        (
            "a {",
            None,
            {"b": 2},
            ("a {", {"braintrust.template.parameter.b": 2, "braintrust.template": "a {"}),
        ),
        ([1], None, {"b": 2}, ([1], {"braintrust.template.parameter.b": 2})),
    ],
)
def test_values_are_put_in_and_kept(body: Any, metadata: Any, parameters: Any, expected: Any) -> None:
    assert record_of(body, metadata, parameters) == expected


def test_a_value_that_cannot_be_shown_disturbs_nobody() -> None:
    assert record_of("a {b}", None, {"b": Hostile()})[0] == "a {b}"
