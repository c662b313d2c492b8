"""What a caller says about the span of a call."""

from typing import Any

import pytest

from spanscore.integrations._span_info import SpanInfo

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("given", "info"),
    [
        (
            {
                "metadata": {"a": 1},
                "name": "n",
                "span_attributes": {"name": "l", "purpose": "scorer", "type": "task"},
                "more": 1,
            },
            SpanInfo(metadata={"a": 1}, name="n", label="l", purpose="scorer"),
        ),
        ({"span_attributes": {"purpose": "scorer"}}, SpanInfo(purpose="scorer")),
        ({"metadata": 5, "name": 5, "span_attributes": "x"}, SpanInfo()),
        (None, SpanInfo()),
        ("x", SpanInfo()),
    ],
    ids=["all", "as autoevals gives it", "of other types", "none", "a string"],
)
def test_span_info(given: Any, info: SpanInfo) -> None:
    assert SpanInfo.of(given) == info
