from typing import Any

import pytest

from spanscore.errors import ConfigError, UnknownParameterError
from spanscore.evals import EvalOptions, Overrides
from spanscore.evals._overridden import check_overrides, not_run, overridden
from spanscore.evals._subset import Subset

pytestmark = pytest.mark.core


def with_hooks(input: Any, hooks: Any) -> Any:
    return hooks.parameters


def options(**given: Any) -> EvalOptions:
    every: dict[str, Any] = {"project": "p", "data": [], "task": with_hooks, "scores": [], **given}
    return EvalOptions(**every)


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
    for wrong in (
        Overrides(experiment_name="new", resume="run"),
        Overrides(experiment_name="new", retry_errors="run"),
    ):
        with pytest.raises(
            ConfigError, match="--experiment-name new names a new experiment, and run is gone on with"
        ):
            overridden(options(), wrong)


def test_a_combination_stands_in_the_name_and_in_the_metadata() -> None:
    overrides = Overrides(parameters={"k": 1}, combination="k=1")
    named = overridden(options(experiment_name="n", metadata={"a": 0}), overrides)
    assert (named.experiment_name, named.metadata) == ("n k=1", {"a": 0, "parameters": {"k": 1}})
    assert overridden(options(), overrides).experiment_name == "k=1"
    with pytest.raises(ConfigError, match="--matrix makes an experiment of each combination"):
        overridden(options(), Overrides(parameters={"k": 1}, combination="k=1", resume="n"))


NONE_DECLARED = "declare it by Eval(…, parameters=…), and take it from hooks.parameters in the task"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"parameters": {"model": "small", "n": 1}}, "there is no parameter k in this eval; it has model, n"),
        ({"task": len}, f"there is no parameter k in this eval; {NONE_DECLARED}"),
        ({"parameters": {}}, f"there is no parameter k in this eval; {NONE_DECLARED}"),
        ({"parameters": {"k": 1}}, None),
        ({"parameters": {"k": 1}, "task": len}, None),
        ({}, None),
    ],
)
def test_a_parameter_has_to_be_one_of_the_evals(given: dict[str, Any], said: str | None) -> None:
    asked = Overrides(parameters={"k": 2})
    if said is None:
        assert overridden(options(**given), asked).parameter_values == {"k": 2}
        return
    with pytest.raises(UnknownParameterError) as raised:
        overridden(options(**given), asked)
    assert str(raised.value) == said


def test_what_no_eval_can_use_is_known_before_any_runs() -> None:
    check_overrides(Overrides(resume="run", first=3))
    for wrong in (
        Overrides(resume="a", retry_errors="b"),
        Overrides(filters=(("nothing", "a"),)),
        Overrides(filters=(("input", "("),)),
        Overrides(first=0),
    ):
        with pytest.raises(ConfigError):
            check_overrides(wrong)
    with pytest.raises(ConfigError, match="--matrix makes an experiment of each combination"):
        check_overrides(Overrides(resume="a"), is_varied=True)
