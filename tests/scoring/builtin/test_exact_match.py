from typing import Any

import pytest

from spanscore.scorers import ExactMatch
from spanscore.scoring import Score, prepare_scorers

pytestmark = pytest.mark.core

NAN = float("nan")
CASES: dict[str, tuple[ExactMatch, Any, Any, float | None]] = {
    "a text": (ExactMatch(), "Paris", "Paris", 1.0),
    "another text": (ExactMatch(), "Paris", "paris", 0.0),
    "a number": (ExactMatch(), 4, 4, 1.0),
    "a float that is whole": (ExactMatch(), 4.0, 4, 1.0),
    "a text that reads as the number": (ExactMatch(), "4", 4, 0.0),
    "true is not 1": (ExactMatch(), True, 1, 0.0),
    "true": (ExactMatch(), True, True, 1.0),
    "not a number": (ExactMatch(), NAN, NAN, 0.0),
    "keys in another order": (ExactMatch(), {"a": 1, "b": [2]}, {"b": [2], "a": 1}, 1.0),
    "a key too much": (ExactMatch(), {"a": 1, "b": 2}, {"a": 1}, 0.0),
    "true in depth": (ExactMatch(), [[True]], [[1]], 0.0),
    "a tuple": (ExactMatch(), (1, 2), [1, 2], 1.0),
    "a shorter list": (ExactMatch(), [1], [1, 2], 0.0),
    "no output": (ExactMatch(), None, "Paris", 0.0),
    "nothing expected": (ExactMatch(), "Paris", None, None),
    "in any case": (ExactMatch(ignore_case=True), {"a": ["PARIS"]}, {"a": ["paris"]}, 1.0),
    "keys are not texts": (ExactMatch(ignore_case=True), {"A": 1}, {"a": 1}, 0.0),
    "with any space": (ExactMatch(ignore_space=True), " the\n answer ", "the answer", 1.0),
    "space within words": (ExactMatch(ignore_space=True), "ans wer", "answer", 0.0),
    "what would be redacted": (ExactMatch(), {"api_key": ["a"]}, {"api_key": ["b"]}, 0.0),
}


@pytest.mark.parametrize(("scorer", "output", "expected", "score"), CASES.values(), ids=CASES.keys())
def test_score(scorer: ExactMatch, output: Any, expected: Any, score: float | None) -> None:
    assert scorer(output, expected).score == score


def test_the_class_is_a_scorer_too() -> None:
    [prepared] = prepare_scorers([ExactMatch])
    values = dict.fromkeys(("input", "metadata", "tags", "trial_index", "trace", "id", "user_data"))
    raw = prepared.call({**values, "output": "a", "expected": None})
    assert (prepared.name, prepared.read(raw)) == (
        "exact_match",
        (Score("exact_match", None, {"skipped": "the case expects nothing"}),),
    )


def test_two_of_them_have_names() -> None:
    scorers = [ExactMatch(), ExactMatch(ignore_case=True, name="same_words")]
    assert [scorer.name for scorer in prepare_scorers(scorers)] == ["exact_match", "same_words"]
