from dataclasses import replace

import pytest

from spanscore.evals import EvalFailure, EvalResult
from spanscore.evals._tally import Tally

pytestmark = pytest.mark.core


def result_of(number: int, error: Exception | None = None, **scorer_errors: Exception) -> EvalResult:
    return EvalResult(
        input=number,
        output=None,
        expected=None,
        scores={},
        metadata={},
        tags=(),
        error=error,
        scorer_errors=scorer_errors,
        trial_index=0,
        trace_id=f"{number:032x}",
        duration_s=0.0,
    )


def test_results_and_failures_stand_in_the_order_of_the_data() -> None:
    boom, bang = ValueError("boom"), KeyError("bang")
    tally = Tally(keep_results=True)
    results = {2: result_of(2, boom), 0: result_of(0), 1: result_of(1, judge=bang, other=boom)}
    for number, result in results.items():
        tally.add(number, f"key {number}", result)

    def failure(where: str, error: Exception, number: int) -> EvalFailure:
        return EvalFailure(where=where, error=error, input=number, trial_index=0, trace_id=f"{number:032x}")

    assert tally.results == (results[0], results[1], results[2])
    assert tally.keyed_results == [(f"key {number}", results[number]) for number in range(3)]
    assert tally.failures == (failure("judge", bang, 1), failure("other", boom, 1), failure("task", boom, 2))
    assert (tally.finished, tally.error_count) == (3, 3)


def test_a_classifier_that_fails_is_a_failure_too() -> None:
    bang = KeyError("bang")
    tally = Tally(keep_results=True)
    tally.add(0, "key", replace(result_of(0), classifier_errors={"tone": bang}))
    assert [(failure.where, failure.error) for failure in tally.failures] == [("tone", bang)]


def test_without_results_only_the_first_failures_are_kept() -> None:
    tally = Tally(keep_results=False)
    for number in range(150):
        tally.add(number, "key", result_of(number, ValueError(str(number))))
    assert tally.results == ()
    assert [failure.input for failure in tally.failures] == list(range(100))
    assert (tally.finished, tally.error_count) == (150, 150)
