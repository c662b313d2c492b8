import pytest

from spanscore.evals import EvalHooks
from spanscore.tracing import NOOP_SPAN

pytestmark = pytest.mark.core


def hooks_of(metadata: object) -> EvalHooks:
    return EvalHooks(metadata=metadata, expected=1, span=NOOP_SPAN, trial_index=2, tags=("a",))  # type: ignore[arg-type]


def test_metadata_is_a_copy_down_to_the_leaves() -> None:
    leaf = object()
    given = {"nested": {"list": [1, {"leaf": leaf}]}}
    hooks = hooks_of(given)
    hooks.metadata["nested"]["list"].append(2)
    hooks.meta(further=3)
    assert given == {"nested": {"list": [1, {"leaf": leaf}]}}
    assert hooks.metadata == {"nested": {"list": [1, {"leaf": leaf}, 2]}, "further": 3}


def test_tags_may_be_appended_to_or_assigned() -> None:
    hooks = hooks_of(None)
    hooks.tags.append("b")
    assert hooks.tags == ["a", "b"]
    hooks.tags = ("c",)  # type: ignore[assignment]
    assert hooks.tags == ["c"]


def test_hooks_tell_what_is_expected_and_which_trial_it_is() -> None:
    hooks = hooks_of(None)
    assert (hooks.expected, hooks.trial_index, hooks.span, hooks.metadata) == (1, 2, NOOP_SPAN, {})
