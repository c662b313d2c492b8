from typing import Any

import pytest

from spanscore.errors import ConfigError
from spanscore.evals import EvalOptions, Overrides
from spanscore.evals._overridden import not_run, overridden
from spanscore.evals._subset import Subset

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
        metadata={"parameters": {"k": 1}},
    )


def test_an_eval_that_is_only_listed_has_no_cases() -> None:
    result = not_run(options(experiment_name="n"))
    assert (result.experiment.name, result.summary.cases, result.success) == ("n", 0, True)
    assert result.stopped == "the eval was listed, not run"


def test_cases_are_chosen() -> None:
    overrides = Overrides(first=3, sample=5, seed=1, filters=(("input", "a"),), failing="run")
    subset = Subset(first=3, sample=5, seed=1, filters=(("input", "a"),), failing="run")
    assert overridden(options(), overrides) == options(subset=subset)


def test_an_experiment_is_gone_on_with() -> None:
    assert overridden(options(), Overrides(resume="run")) == options(resume="run")
    assert overridden(options(), Overrides(retry_errors="run")) == options(resume="run", retry_errors=True)
    with pytest.raises(ConfigError, match="--resume and --retry-errors are both given"):
        overridden(options(), Overrides(resume="run", retry_errors="run"))


def test_a_combination_stands_in_the_name_and_in_the_metadata() -> None:
    overrides = Overrides(parameters={"k": 1}, combination="k=1")
    named = overridden(options(experiment_name="n", metadata={"a": 0}), overrides)
    assert (named.experiment_name, named.metadata) == ("n k=1", {"a": 0, "parameters": {"k": 1}})
    assert overridden(options(), overrides).experiment_name == "k=1"
    with pytest.raises(ConfigError, match="--matrix makes an experiment of each combination"):
        overridden(options(), Overrides(parameters={"k": 1}, combination="k=1", resume="n"))
