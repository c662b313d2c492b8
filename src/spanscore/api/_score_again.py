"""The scoring of a stored experiment in a new one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from spanscore.api._eval_commit import check_that_all_arrived, commit_to
from spanscore.api._recording import ensure_recording
from spanscore.wire.trials import RESCORED_FROM

if TYPE_CHECKING:
    from spanscore.evals import ExperimentResult, Look


async def score_again(
    reference: str,
    scores: Sequence[Any],
    *,
    experiment_name: str | None = None,
    max_concurrency: int | None = None,
    look: "Look | None" = None,
) -> "ExperimentResult":
    """What `scores` make of the stored outputs of the experiment `reference`, whose task does not run.

    The new experiment is compared with the old one, and is called after it unless it has a name. Its cases
    have the stored outputs, or the errors of the task, and are linked to those they are from. Raises
    NotFoundError.
    """
    # Here and not at the top: only a program that runs an eval needs the engine.
    from spanscore.evals import EvalOptions, choose_display, run_eval  # noqa: PLC0415
    from spanscore.evals._past import no_task  # noqa: PLC0415

    connection = ensure_recording()
    stored = connection.backend.find_experiment(reference)
    options = EvalOptions(
        project=stored.project,
        data=(),
        task=no_task,
        scores=scores,
        experiment_name=experiment_name or f"{stored.name}-rescored",
        metadata={RESCORED_FROM: {"id": stored.id, "name": stored.name}},
        max_concurrency=max_concurrency,
        keep_results=False,
        baseline=stored.id,
        rescores=stored.id,
    )
    result = await run_eval(
        options,
        backend=connection.backend,
        commit=commit_to(connection),
        display=choose_display(look, regressions=connection.backend),
    )
    check_that_all_arrived(result)
    return result
