from types import SimpleNamespace
from typing import Any

import pytest

from spanscore import current_span
from spanscore.errors import ConfigError, ScoreError
from spanscore.pytest_plugin import score
from spanscore.pytest_plugin._case import CaseUnderTest, current_case
from spanscore.pytest_plugin._identity import TestIdentity
from spanscore.scoring import Score
from spanscore.testing import recorded_spans

pytestmark = pytest.mark.core

IDENTITY = TestIdentity(
    name="test", node_id="a.py::test", case_key="a.py::test", parameters={}, trial_index=0, attempt=1
)
PARENT = "experiment_id:0d6a2b1c-0000-4000-8000-000000000000"


def case(parent: str | None = PARENT, **told: Any) -> CaseUnderTest:
    return CaseUnderTest(identity=IDENTITY, told=told, parent=parent)


def report(when: str, outcome: str) -> Any:
    return SimpleNamespace(
        when=when, passed=outcome == "passed", failed=outcome == "failed", skipped=outcome == "skipped"
    )


def test_scores_of_any_form() -> None:
    one = case()
    one.score("a", True)
    one.score("b", 0.5, {"why": 1})
    one.score("c", None)
    one.score("d", Score("named", 0.25, {"own": 1}), {"more": 2})
    one.score("e", [Score("f", 1.0), {"name": "g", "score": 0}])
    assert one.scores == {"a": 1.0, "b": 0.5, "c": None, "named": 0.25, "f": 1.0, "g": 0.0}


@pytest.mark.parametrize("value", [2, -1, float("nan"), "good", [0.5]])
def test_what_is_no_score(value: Any) -> None:
    with pytest.raises(ScoreError):
        case().score("a", value)


def test_the_outcome_has_its_name() -> None:
    with pytest.raises(ConfigError, match="the score 'pass' says whether the test passes"):
        case().score("pass", 1)


def test_the_case_that_runs() -> None:
    one = case()
    with pytest.raises(ConfigError, match="no test with the marker spanscore runs here"):
        score("a", 1)
    with recorded_spans(), one.running():
        assert current_case() is one
        assert current_span() == one.span
        score("a", 1)
    assert one.scores == {"a": 1.0}
    with pytest.raises(ConfigError):
        current_case()


def test_a_test_that_is_not_recorded_leaves_the_context_as_it_is() -> None:
    one = case(parent=None)
    with recorded_spans() as recorded:
        before = current_span()
        with one.running():
            assert current_span() == before
        one.take(report("call", "passed"), None)
        one.finish()
    assert recorded.spans == []


def test_a_test_that_was_skipped_leaves_no_spans_of_its_own() -> None:
    one = case()
    with recorded_spans() as recorded:
        with one.running():
            pass
        one.take(report("call", "skipped"), None)
        one.take(report("teardown", "passed"), None)
        one.finish()
    assert recorded.spans == []
