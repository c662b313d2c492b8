"""The options of an eval with what whoever runs it wants otherwise."""

from dataclasses import replace
from typing import Any

from spanscore.evals._options import EvalOptions
from spanscore.evals._result import ExperimentResult
from spanscore.evals._session import Overrides
from spanscore.wire.seams import ExperimentRef
from spanscore.wire.summaries import ExperimentSummary


def overridden(options: EvalOptions, overrides: Overrides) -> EvalOptions:
    """The options as they are to be run: what `overrides` leaves at None or False stays as it is."""
    wanted: dict[str, Any] = {
        "experiment_name": overrides.experiment_name,
        "max_concurrency": overrides.max_concurrency,
        "num_workers": overrides.num_workers,
        "no_send_logs": overrides.no_send_logs or None,
        "parameter_values": overrides.parameters,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    return replace(options, **given) if given else options


def not_run(options: EvalOptions) -> ExperimentResult:
    """The result of an eval that was only to be listed: there are no cases in it."""
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
        stopped="the eval was listed, not run",
        duration_s=0.0,
        permalink="",
    )
