"""The experiment that a program fills by itself."""

from typing import Any

import pytest

from spanscore import Eval, current_experiment, init, start_span
from spanscore.api._recording import ensure_recording
from spanscore.errors import ScoreError
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent

pytestmark = pytest.mark.core


def test_logged_cases_are_summarised_and_compared() -> None:
    for name, scores in (("before", [0, 1]), ("after", [1, 1])):
        with init("arithmetic", name, metadata={"model": "m"}, tags=["t"]) as experiment:
            for number, score in enumerate(scores):
                experiment.log(input=number, output=number, expected=number, scores={"exact": score})
            summary = experiment.summarize()
    assert (summary.project, summary.experiment, summary.baseline) == ("arithmetic", "after", "before")
    (score,) = summary.scores.values()
    assert (score.name, score.mean, score.scored) == ("exact", 1.0, 2)
    assert score.difference is not None
    assert (score.difference.difference, score.difference.improvements, score.difference.regressions) == (
        0.5,
        1,
        0,
    )


def test_name_that_is_taken_gets_a_suffix_unless_updated() -> None:
    first, second, third = init("p", "e"), init("p", "e"), init("p", "e", update=True)
    assert first.name == "e"
    assert second.name.startswith("e-")
    assert second.id != first.id
    assert third.id == first.id


def test_spans_that_belong_nowhere_else_go_to_the_current_experiment() -> None:
    assert current_experiment() is None
    experiment = init("p", "e")
    assert current_experiment() is experiment
    with start_span("one"):
        pass
    experiment.close()
    assert current_experiment() is None
    store = SqliteStore(ensure_recording().settings.home / "spanscore.db")
    assert [row.name for row in store.rows(Parent.parse(experiment.parent))] == ["one"]


def test_link_is_the_command_that_shows_it() -> None:
    assert init("p", "e").link().startswith("spanscore experiments show ")


@pytest.mark.parametrize("score", [5, -0.1, float("nan"), "good"])
def test_score_that_is_none_is_refused(score: Any) -> None:
    with init("p") as experiment, pytest.raises(ScoreError):
        experiment.log(input=1, output=1, scores={"exact": score})


def test_eval_is_compared_with_an_experiment_logged_by_hand() -> None:
    with init("p", "by hand") as experiment:
        for number in range(2):
            experiment.log(input={"n": number, "a": "é"}, output=0, scores={"exact": 0})
    data = [{"input": {"a": "é", "n": number}} for number in range(2)]

    def exact(output: Any) -> int:
        return 1

    result = Eval("p", data, lambda value: 1, [exact], quiet=True, base_experiment="by hand")
    (score,) = result.summary.scores.values()
    assert score.difference is not None
    assert (score.difference.pairs, score.difference.difference) == (2, 1.0)
