from typing import Any

import pytest

from spanscore.evals import EvalOptions, Overrides
from spanscore.evals._overridden import not_run, overridden

pytestmark = pytest.mark.core


def options(**given: Any) -> EvalOptions:
    return EvalOptions(project="p", data=[], task=len, scores=[], **given)


def test_what_is_not_asked_for_stays_as_it_is() -> None:
    given = options(max_concurrency=3, no_send_logs=True)
    assert overridden(given, Overrides()) is given


def test_what_is_asked_for_goes_before() -> None:
    overrides = Overrides(
        experiment_name="n", max_concurrency=2, num_workers=4, no_send_logs=True, parameters={"k": 1}
    )
    assert overridden(options(experiment_name="o", max_concurrency=3), overrides) == options(
        experiment_name="n",
        max_concurrency=2,
        num_workers=4,
        no_send_logs=True,
        parameter_values={"k": 1},
    )


def test_an_eval_that_is_only_listed_has_no_cases() -> None:
    result = not_run(options(experiment_name="n"))
    assert (result.experiment.name, result.summary.cases, result.success) == ("n", 0, True)
    assert result.stopped == "the eval was listed, not run"
