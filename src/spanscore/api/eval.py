"""The front door of evals: `Eval` and `EvalAsync`."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from spanscore.api._recording import ensure_recording
from spanscore.errors import DeliveryError
from spanscore.wire.seams import LOCAL

if TYPE_CHECKING:
    from spanscore._connect import Connection
    from spanscore.evals import Display, ErrorRule, ExperimentResult

_COMMIT_TIMEOUT_S = 300.0


def Eval(  # noqa: N802 - the name its users know
    name: str,
    data: Any,
    task: Any,
    scores: Sequence[Any] = (),
    *,
    experiment_name: str | None = None,
    description: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    tags: Sequence[str] = (),
    trial_count: int = 1,
    max_concurrency: int = 10,
    timeout: float | None = None,
    errors: "ErrorRule" = "zero",
    base_experiment: str | None = None,
    base_experiment_name: str | None = None,
    update: bool = False,
    keep_results: bool = True,
    quiet: bool = False,
    reporter: "Display | None" = None,
) -> "ExperimentResult":
    """What came of running `task` over the cases of `data` and scoring its outputs; an experiment of `name`.

    `name` is the project. `data` is a list, an iterable, a (async) generator of cases such as `{"input": …,
    "expected": …}`, or a function that returns one; it is read as the cases are run. `task(input)` or
    `task(input, hooks)` and the scorers may be plain or async functions; plain ones run in threads. Scorers
    get what they name of `input, output, expected, metadata, tags`, and return a number in 0..1, a bool, None
    to skip, a dict, a Score, or a list of these.

    A task or scorer that raises ends up in `.errors` and stops nothing. `errors` says how it counts in a
    mean: "zero" as 0, "exclude" not at all, "fail" leaves the score without a mean. `timeout` is seconds for
    each call of the task or of a scorer. At most `max_concurrency` cases run at once. `base_experiment` names
    the baseline (name or id; the latest earlier experiment otherwise). A taken `experiment_name` gets a
    suffix unless `update`. With `keep_results` False the results are only stored, and memory stays flat.

    In a running event loop (a notebook) it returns an `asyncio.Task` to be awaited; typed async code is
    better off with `EvalAsync`.

    >>> result = Eval("greetings", [{"input": "Ada", "expected": "Hi Ada"}], lambda input: f"Hi {input}",
    ...               [lambda output, expected: output == expected], quiet=True)
    >>> result.success
    True
    """
    run = EvalAsync(
        name,
        data,
        task,
        scores,
        experiment_name=experiment_name,
        description=description,
        metadata=metadata,
        tags=tags,
        trial_count=trial_count,
        max_concurrency=max_concurrency,
        timeout=timeout,
        errors=errors,
        base_experiment=base_experiment,
        base_experiment_name=base_experiment_name,
        update=update,
        keep_results=keep_results,
        quiet=quiet,
        reporter=reporter,
    )
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(run)
    # Users of notebooks know that they await; everybody else would have to narrow a union at each call.
    return cast("ExperimentResult", loop.create_task(run))


async def EvalAsync(  # noqa: N802 - the name its users know
    name: str,
    data: Any,
    task: Any,
    scores: Sequence[Any] = (),
    *,
    experiment_name: str | None = None,
    description: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    tags: Sequence[str] = (),
    trial_count: int = 1,
    max_concurrency: int = 10,
    timeout: float | None = None,
    errors: "ErrorRule" = "zero",
    base_experiment: str | None = None,
    base_experiment_name: str | None = None,
    update: bool = False,
    keep_results: bool = True,
    quiet: bool = False,
    reporter: "Display | None" = None,
) -> "ExperimentResult":
    """`Eval` as a coroutine: the same arguments, the same result."""
    # Here and not at the top: only a program that runs an eval needs the engine.
    from spanscore.evals import EvalOptions, active_session, choose_display, run_eval  # noqa: PLC0415

    options = EvalOptions(
        project=name,
        data=data,
        task=task,
        scores=scores,
        experiment_name=experiment_name,
        description=description,
        metadata=metadata or {},
        tags=tags,
        trial_count=trial_count,
        max_concurrency=max_concurrency,
        timeout_s=timeout,
        errors=errors,
        baseline=base_experiment if base_experiment_name is None else base_experiment_name,
        update=update,
        keep_results=keep_results,
    )
    session = active_session()
    if session is not None and session.display is not None:
        reporter = session.display
    connection = ensure_recording()
    result = await run_eval(
        options,
        backend=connection.backend,
        commit=_commit(connection),
        display=reporter or choose_display(quiet=quiet),
    )
    if session is not None:
        session.results.append(result)
    _check_that_all_arrived(result)
    return result


def _check_that_all_arrived(result: "ExperimentResult") -> None:
    """Raise DeliveryError if cases that ran are not in the figures: that is no success."""
    if result.summary.cases < result.finished:
        raise DeliveryError(
            f"{result.finished} cases ran, but the store has {result.summary.cases} of them: their spans "
            "were not recorded, or without the attributes that place them; look at OTEL_SDK_DISABLED, at the "
            "OTEL_*_LIMIT variables and at the program's tracer provider"
        )


def _commit(connection: "Connection") -> Callable[[], None]:
    """What waits until all spans are stored. Raises DeliveryError if some are not, or were lost since now."""
    lost_before = connection.outbox.flush(0, only=LOCAL).lost

    def commit() -> None:
        flushed = connection.outbox.flush(_COMMIT_TIMEOUT_S, only=LOCAL)
        if flushed.waiting or flushed.lost != lost_before:
            raise DeliveryError(
                f"{flushed.waiting} spans still wait, lost are {flushed.lost or 'none'}: "
                "the figures of the eval would be incomplete; see the log for what the destination said"
            )

    return commit
