"""The options of an eval with what whoever runs it wants otherwise."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from spanscore.errors import ConfigError, UnknownParameterError
from spanscore.evals._options import EvalOptions
from spanscore.evals._parameters import declared_names
from spanscore.evals._result import ExperimentResult
from spanscore.evals._session import Overrides
from spanscore.evals._subset import Subset
from spanscore.evals._task import prepare_task
from spanscore.wire.seams import ExperimentRef
from spanscore.wire.summaries import ExperimentSummary


def overridden(options: EvalOptions, overrides: Overrides) -> EvalOptions:
    """The options as they are to be run: what `overrides` leaves at None or False stays as it is.

    Parameters stand in the experiment's metadata, those of a combination in its name, too. Raises ConfigError
    for what contradicts itself, and UnknownParameterError for a parameter that the eval does not have.
    """
    _check_names(options, overrides.parameters or {})
    wanted: dict[str, Any] = {
        "experiment_name": overrides.experiment_name,
        **_chosen(overrides),
        **_continued(overrides),
        **_varied(options, overrides),
        "max_concurrency": overrides.max_concurrency,
        "num_workers": overrides.num_workers,
        "no_send_logs": overrides.no_send_logs or None,
        "cache": overrides.cache or None,
        "parameter_values": overrides.parameters,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    return replace(options, **given) if given else options


def check_overrides(overrides: Overrides, *, is_varied: bool = False) -> None:
    """Raise ConfigError for what contradicts itself or no eval can use; `is_varied` says that a matrix is."""
    _chosen(overrides)
    _continued(overrides)
    if is_varied and (overrides.resume is not None or overrides.retry_errors is not None):
        raise ConfigError("--matrix makes an experiment of each combination; go on with one by --param")


def _chosen(overrides: Overrides) -> dict[str, Any]:
    subset = Subset(
        first=overrides.first,
        sample=overrides.sample,
        seed=overrides.seed,
        filters=overrides.filters,
        failing=overrides.failing,
    )
    return {"subset": subset} if subset else {}


def _continued(overrides: Overrides) -> dict[str, Any]:
    resume, retry = overrides.resume, overrides.retry_errors
    if resume is not None and retry is not None:
        raise ConfigError("--resume and --retry-errors are both given; --retry-errors does what both do")
    name, going_on = overrides.experiment_name, resume or retry
    if name is not None and going_on is not None:
        raise ConfigError(
            f"--experiment-name {name} names a new experiment, and {going_on} is gone on with; leave out one"
        )
    return {"resume": going_on, "retry_errors": retry is not None or None}


def _varied(options: EvalOptions, overrides: Overrides) -> dict[str, Any]:
    if overrides.parameters is None:
        return {}
    varied: dict[str, Any] = {"metadata": {**options.metadata, "parameters": dict(overrides.parameters)}}
    if overrides.combination is not None:
        check_overrides(overrides, is_varied=True)
        name = overrides.experiment_name or options.experiment_name
        varied["experiment_name"] = " ".join(filter(None, (name, overrides.combination)))
    return varied


def _check_names(options: EvalOptions, given: Mapping[str, Any]) -> None:
    """Raise UnknownParameterError for names that nobody asks for; a task with hooks may ask for any."""
    known = declared_names(options.parameters)
    if known is None and options.parameters is None and not prepare_task(options.task).wants_hooks:
        known = []
    if known is None or not (unknown := [name for name in given if name not in known]):
        return
    if known:
        has = f"it has {', '.join(known)}"
    else:
        has = "declare it by Eval(…, parameters=…), and take it from hooks.parameters in the task"
    raise UnknownParameterError(f"there is no parameter {', '.join(unknown)} in this eval; {has}")


def not_run(options: EvalOptions, why: str = "the eval was listed, not run") -> ExperimentResult:
    """The result of an eval that has not run, such as one that was only to be listed; it has no cases."""
    name = options.experiment_name or options.project
    summary = ExperimentSummary(
        project=options.project,
        experiment_id="",
        experiment=name,
        baseline_id=None,
        baseline=None,
        cases=0,
        errors=0,
        scorer_errors=0,
        duration_s=0.0,
        scores={},
        metrics={},
    )
    return ExperimentResult(
        experiment=ExperimentRef(id="", name=name, project_id="", project=options.project, created_ns=0),
        summary=summary,
        stopped=why,
        duration_s=0.0,
        permalink="",
    )
