"""The cases of another experiment as data."""

from collections.abc import Iterator
from typing import Any

import pytest

from spanscore.errors import EvalError
from spanscore.evals._base_experiment import BaseExperiment, baseline_of, cases_of_base
from spanscore.evals._case import EvalCase
from spanscore.wire.datasets import ExperimentCase
from spanscore.wire.seams import ExperimentRef

pytestmark = pytest.mark.core


class Rows:
    """One experiment, "base", with the cases that a test gives it."""

    def __init__(self, *cases: ExperimentCase) -> None:
        self._cases = cases

    def cases_of(self, experiment_id: str) -> Iterator[ExperimentCase]:
        assert experiment_id == "e1"
        yield from self._cases

    def base_experiment(self, experiment_id: str, name: str | None = None) -> ExperimentRef | None:
        if experiment_id != "now" or name not in (None, "base"):
            return None
        return ExperimentRef(id="e1", name="base", project_id="p1", project="p", created_ns=0)


def row(
    input: Any, *, trial: int | None = 0, metadata: dict[str, Any] | None = None, **more: Any
) -> ExperimentCase:
    about = {**(metadata or {}), "case_key": "k", "attempt": 1, "fingerprints": {}, "trial_index": trial}
    return ExperimentCase(id="s1", input=input, metadata=about, xact_id="7", created="then", **more)


def found(*rows: ExperimentCase) -> list[EvalCase]:
    return list(cases_of_base(BaseExperiment(), Rows(*rows), "now"))


def test_a_case_as_it_was_given() -> None:
    origin = {"object_type": "experiment", "object_id": "e1", "id": "s1", "_xact_id": "7", "created": "then"}
    given = row("q", expected=1, output=2, tags=("t",), metadata={"level": 3})
    expected = EvalCase(input="q", expected=1, metadata={"level": 3}, tags=("t",), origin=origin)
    assert found(given) == [expected]


def test_the_output_stands_for_what_was_not_expected() -> None:
    assert [(case.expected, case.metadata) for case in found(row("q", output=2))] == [(2, None)]


def test_of_several_trials_one_is_taken() -> None:
    trials = [row("q", output=number, trial=number) for number in range(3)]
    other = row("q", expected="else", trial=3)
    assert [case.expected for case in found(*trials, other)] == [0, "else"]


def test_cases_that_are_no_trials_are_all_taken() -> None:
    assert len(found(row("q", trial=None), row("q", trial=None))) == 2


def test_there_may_be_none() -> None:
    with pytest.raises(EvalError, match=r"BaseExperiment\(\) finds no earlier experiment of this project"):
        list(cases_of_base(BaseExperiment(), Rows(), "first"))


def test_it_is_what_the_new_one_is_compared_with() -> None:
    assert [baseline_of(BaseExperiment("base"), given) for given in (None, "other")] == ["base", "other"]
    assert [baseline_of(data, None) for data in (BaseExperiment(), [])] == [None, None]
