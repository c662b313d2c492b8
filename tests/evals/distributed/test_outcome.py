"""What comes back of a case: all that can, and the rest as text."""

import pickle
from typing import Any

import pytest

from spanscore.errors import RemoteCaseError
from spanscore.evals import EvalResult
from spanscore.evals.distributed._outcome import portable

pytestmark = pytest.mark.core


class TwoArgumentError(Exception):
    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} {two}")


def result(**changes: Any) -> EvalResult:
    given: dict[str, Any] = {
        "input": 1,
        "output": 2,
        "expected": None,
        "scores": {"exact": 1.0},
        "metadata": {},
        "tags": (),
        "error": None,
        "scorer_errors": {},
        "trial_index": 0,
        "trace_id": "t",
        "duration_s": 0.5,
    }
    return EvalResult(**{**given, **changes})


def test_what_can_travel_stays_as_it_is() -> None:
    error = KeyError("k")
    before = result(error=error, metadata={"m": (1, 2)}, output={1, 2})
    after = portable(before, pickle.dumps, pickle.loads)
    assert (after.error, after.metadata, after.output) == (error, {"m": (1, 2)}, {1, 2})


def test_an_exception_that_cannot_be_read_back_is_its_text() -> None:
    broken = {"judge": TwoArgumentError("too", "late")}
    after = portable(
        result(error=TwoArgumentError("a", "b"), scorer_errors=broken), pickle.dumps, pickle.loads
    )
    assert (type(after.error), str(after.error), str(after.scorer_errors["judge"])) == (
        RemoteCaseError,
        "TwoArgumentError: a b",
        "TwoArgumentError: too late",
    )


def test_a_value_that_cannot_be_copied_is_its_json() -> None:
    after = portable(result(output={"f": (number for number in ())}), pickle.dumps, pickle.loads)
    assert list(after.output) == ["f"]
    assert isinstance(after.output["f"], str)
