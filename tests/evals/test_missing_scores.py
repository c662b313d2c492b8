from typing import Any

import pytest
from opentelemetry import trace

from spanscore.evals._missing_scores import default_error_score_handler, missing_scores
from spanscore.testing import recorded_spans
from spanscore.tracing import current_span, tracer

pytestmark = pytest.mark.core


def test_the_handler_runs_within_the_span_of_the_case() -> None:
    def handler(span: Any, case: Any, names: list[str]) -> dict[str, float]:
        assert current_span() == span
        return dict.fromkeys((*names, case), 0.5)

    with recorded_spans():
        span = tracer().start_span("eval")
        assert missing_scores(handler, span, "case", ("a",)) == ({"a": 0.5, "case": 0.5}, None)


def test_it_may_give_nothing() -> None:
    given = missing_scores(lambda span, case, names: None, trace.INVALID_SPAN, None, ["a"])
    assert given == ({}, None)


@pytest.mark.parametrize("returned", [{"a": 2}, 3, {"a": "good"}])
def test_what_is_no_score_is_its_error(returned: Any) -> None:
    scores, error = missing_scores(lambda span, case, names: returned, trace.INVALID_SPAN, None, ["a"])
    assert (scores, isinstance(error, Exception)) == ({}, True)


def test_by_default_an_error_is_a_score_of_nothing() -> None:
    given = missing_scores(default_error_score_handler, trace.INVALID_SPAN, None, ["a", "b"])
    assert given == ({"a": 0.0, "b": 0.0}, None)
