"""From the options of an eval to what its parts need."""

from collections.abc import Callable, Mapping
from typing import Any

from spanscore._json import to_json
from spanscore.evals._case import EvalCase
from spanscore.evals._case_path import value_at
from spanscore.evals._hooks import Progress, SharedHooks
from spanscore.evals._judge import Panel
from spanscore.evals._limit import Limit
from spanscore.evals._options import EvalOptions
from spanscore.evals._pressure import Pressure
from spanscore.prompts import RemoteEvalParameters
from spanscore.wire.seams import ExperimentRequest


def request_of(
    options: EvalOptions, panel: Panel, dataset: tuple[str, str | None] | None
) -> ExperimentRequest:
    """What a backend is to be told of the experiment; `dataset` is id and version of one that it is over."""
    kept = options.parameters if isinstance(options.parameters, RemoteEvalParameters) else None
    return ExperimentRequest(
        project=options.project,
        project_id=options.project_id,
        name=options.experiment_name,
        metadata=options.metadata,
        tags=tuple(options.tags),
        scorers=panel.scorers,
        errors=options.errors,
        description=options.description,
        update=options.update,
        is_public=options.is_public,
        repo_info=options.repo_info,
        git_metadata_settings=options.git_metadata_settings,
        baseline=options.baseline,
        partial=options.subset.text,
        says_its_end=True,
        dataset_id=None if dataset is None else dataset[0],
        dataset_version=None if dataset is None else dataset[1],
        parameters_id=None if kept is None else kept.id,
        parameters_version=None if kept is None else kept.version,
        on_unreachable=options.on_unreachable,
    )


def hooks_of(options: EvalOptions, parameters: Mapping[str, Any]) -> SharedHooks:
    """What the tasks of all cases are told beside their case."""
    return SharedHooks(
        parameters=parameters, on_progress=_progress_of(options), cancel_event=options.cancel_event
    )


def limit_of(options: EvalOptions) -> Limit:
    """How many cases run at once."""
    return Limit(Pressure() if options.max_concurrency is None else options.max_concurrency)


def judge_limit_of(options: EvalOptions) -> Limit | None:
    """How many calls of scorers and classifiers run at once; None if that is left to the cases."""
    return None if options.max_scorer_concurrency is None else Limit(options.max_scorer_concurrency)


def cluster_of(options: EvalOptions) -> Callable[[EvalCase], str] | None:
    """What names the cluster of a case; None if each is its own."""
    path = options.cluster_key
    return None if path is None else lambda case: to_json(value_at(case, path))


def _progress_of(options: EvalOptions) -> Callable[[EvalCase, Progress], None] | None:
    """Tells the eval's `stream` what a task reports, by the official SDK's names."""
    stream = options.stream
    if stream is None:
        return None

    def tell(case: EvalCase, progress: Progress) -> None:
        event: dict[str, Any] = {"id": case.id, "object_type": "task", "name": options.project, **progress}
        if case.origin is not None:
            event["origin"] = case.origin
        stream(event)

    return tell
