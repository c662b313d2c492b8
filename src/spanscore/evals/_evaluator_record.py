"""What a user's reporter is told about an eval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spanscore.evals._options import EvalOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatorRecord:
    """The eval that a reporter reports of, by the official SDK's names; `options` has everything else.

    `eval_name` is the project's name, with the experiment's where the program has given one.
    """

    project_name: str
    eval_name: str
    data: Any
    task: Any
    scores: Sequence[Any]
    experiment_name: str | None
    metadata: Mapping[str, Any]
    tags: Sequence[str]
    trial_count: int
    description: str | None
    options: EvalOptions


def evaluator_record(options: EvalOptions) -> EvaluatorRecord:
    """The record of an eval that was asked for with `options`."""
    named = options.experiment_name
    return EvaluatorRecord(
        project_name=options.project,
        eval_name=options.project if named is None else f"{options.project} [experiment_name={named}]",
        data=options.data,
        task=options.task,
        scores=options.scores,
        experiment_name=named,
        metadata=options.metadata,
        tags=options.tags,
        trial_count=options.trial_count,
        description=options.description,
        options=options,
    )
