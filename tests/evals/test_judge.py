import pytest

from spanscore.errors import ScorerSignatureError
from spanscore.evals._judge import Panel, Panels

pytestmark = pytest.mark.core


def exact(output: object) -> float:
    return 1.0


def traced(trace: object) -> float:
    return 1.0


def label(output: object) -> None:
    return None


def test_scorers_come_first_and_are_told_from_classifiers_of_the_same_name() -> None:
    panel = Panel.of([exact], [label, exact])
    assert [(judge.key, judge.name) for judge in panel.judges] == [
        ("score:exact", "exact"),
        ("classifier:label", "label"),
        ("classifier:exact", "exact"),
    ]
    assert (panel.scorers, panel.wants_trace) == (("exact",), False)
    assert Panel.of([], [traced]).wants_trace


def test_a_case_with_scorers_of_its_own_has_those_beside_the_common_ones() -> None:
    panels = Panels(Panel.of([exact], [label]), ((exact,), (label,)))
    assert panels.of(()) is panels.common
    own = panels.of((traced, exact))
    assert [judge.key for judge in own.judges] == [
        "score:exact",
        "score:traced",
        "score:exact_2",
        "classifier:label",
    ]
    assert own.wants_trace
    assert panels.of((traced, exact)) is own


def test_scorers_made_for_each_case_are_not_kept_for_ever() -> None:
    panels = Panels(Panel.of([]), ((), ()))
    for _ in range(1_000):
        assert len(panels.of((lambda output: 1.0,)).judges) == 1
    assert len(panels._made) <= 256


def test_a_scorer_that_cannot_be_called_is_refused() -> None:
    with pytest.raises(ScorerSignatureError, match="mood"):
        Panels(Panel.of([]), ((), ())).of((lambda output, mood: 1.0,))
