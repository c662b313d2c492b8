"""The evaluator: an eval that can be run more than once."""

import asyncio
import logging
import shlex
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, cast

from spanscore._counted import counted
from spanscore.api._cached import answers_of
from spanscore.api._cluster import elsewhere
from spanscore.api._eval_commit import check_that_all_arrived, commit_to
from spanscore.api._own_loop import run_in_own_loop
from spanscore.api._recording import ensure_recording
from spanscore.api.login_state import account_of
from spanscore.errors import ConfigError, NoCasesError, RunNotFoundError, UnknownParameterError
from spanscore.evals import (
    EvalOptions,
    EvalSession,
    LeftOut,
    active_session,
    not_run,
    overridden,
    plan_reporting,
    run_eval,
)
from spanscore.evals._interruption import OnInterrupt

if TYPE_CHECKING:
    from spanscore._connect import Connection
    from spanscore.api.login_state import BraintrustState
    from spanscore.evals import ErrorRule, ErrorScoreHandler, Executor, ExperimentResult
    from spanscore.wire.repo import GitMetadataSettings, RepoInfo
    from spanscore.wire.seams import ExperimentRef

_logger = logging.getLogger("spanscore")


@dataclass(slots=True)
class Evaluator:
    """An eval by its arguments, which are those of `Eval`; each run is an experiment of its own.

    >>> greet = Evaluator("greetings", [{"input": "Ada", "expected": "Hi Ada"}], lambda input: f"Hi {input}",
    ...                   [lambda output, expected: output == expected], quiet=True)
    >>> greet.run().success
    True
    >>> greet.run(data=[{"input": "Bob", "expected": "Hello Bob"}]).summary.cases
    1
    """

    name: str
    data: Any
    task: Any
    scores: Sequence[Any] | None = None
    _: KW_ONLY
    classifiers: Sequence[Any] | None = None
    experiment_name: str | None = None
    trial_count: int = 1
    metadata: Mapping[str, Any] | None = None
    tags: Sequence[str] | None = None
    is_public: bool = False
    update: bool = False
    reporter: Any = None
    timeout: float | None = None
    max_concurrency: int | None = None
    project_id: str | None = None
    base_experiment_name: str | None = None
    base_experiment_id: str | None = None
    git_metadata_settings: "GitMetadataSettings | None" = None
    repo_info: "RepoInfo | None" = None
    error_score_handler: "ErrorScoreHandler | None" = None
    description: str | None = None
    summarize_scores: bool = True
    no_send_logs: bool = False
    parameters: Any = None
    on_start: Callable[[Any], Any] | None = None
    stream: Callable[[Any], Any] | None = None
    parent: Any = None
    state: "BraintrustState | None" = None
    enable_cache: bool = True
    cancel_event: threading.Event | None = None
    base_experiment: str | None = None
    errors: "ErrorRule" = "zero"
    case_timeout: float | None = None
    max_scorer_concurrency: int | None = None
    retries: int = 0
    max_tokens: int | None = None
    max_cost: float | None = None
    max_seconds: float | None = None
    summary_scores: Sequence[Callable[..., Any]] = ()
    cluster_key: str | None = None
    comparison_key: Callable[[Any], Any] | str | None = None
    executor: "Executor" = "local"
    cache: bool = False
    on_unreachable: Literal["raise", "local"] = "raise"
    keep_results: bool = True
    quiet: bool = False

    @property
    def project_name(self) -> str:
        """The project, by the official SDK's name."""
        return self.name

    @property
    def eval_name(self) -> str:
        """What the eval is called in a list of several."""
        return (
            self.name
            if self.experiment_name is None
            else f"{self.name} [experiment_name={self.experiment_name}]"
        )

    def run(self, **overrides: Any) -> "ExperimentResult":
        """What came of the eval; `overrides` are arguments to be taken instead of those given before.

        In a running event loop it returns an `asyncio.Task` to be awaited.
        """
        kept: list[str] = []
        running = self._with(overrides)._run(kept.append)
        loop = _running_loop()
        if loop is None:
            return _run_here(running, kept)
        task = loop.create_task(running)
        task.add_done_callback(_tell_if_cancelled)
        # Users of notebooks know that they await; everybody else would have to narrow a union at each call.
        return cast("ExperimentResult", task)

    async def run_async(self, **overrides: Any) -> "ExperimentResult":
        """`run` as a coroutine."""
        return await self._with(overrides)._run()

    def _with(self, overrides: Mapping[str, Any]) -> "Evaluator":
        return replace(self, **overrides) if overrides else self

    async def _run(self, say: Callable[[str], None] | None = None) -> "ExperimentResult":
        """The run; `say` is told what is kept when it is interrupted."""
        session = active_session()
        options = self._options()
        if session is None:
            return await self._run_as(options, None, say)
        session.names.append(unique_name(self.eval_name, session.names))
        if session.overrides.list_only:
            return not_run(options)
        try:
            return await self._run_as(overridden(options, session.overrides), session, say)
        except (NoCasesError, RunNotFoundError, UnknownParameterError) as error:
            session.left_out.append(LeftOut(name=self.eval_name, why=error))
            return not_run(options, str(error))

    async def _run_as(
        self, options: EvalOptions, session: EvalSession | None, say: Callable[[str], None] | None
    ) -> "ExperimentResult":
        connection = None if options.no_send_logs else await self._connection()
        if connection is not None and self.state is not None and options.parent is not None:
            options = replace(options, parent=await asyncio.to_thread(self.state.place, options.parent))
        backend = None if connection is None else connection.backend
        reporting = plan_reporting(self.reporter, session, quiet=self.quiet, backend=backend)
        with answers_of(options, connection):
            result = await run_eval(
                options,
                backend=backend,
                commit=_nothing if connection is None else commit_to(connection),
                display=reporting.display,
                on_interrupt=OnInterrupt(
                    kept=None
                    if say is None
                    else lambda ref, finished: say(_what_is_kept(ref, finished, session)),
                    reported=None if session is None else partial(reporting.interrupted, self),
                ),
                elsewhere=elsewhere(options, connection),
            )
        await reporting.end(self, result)
        check_that_all_arrived(result)
        return result

    async def _connection(self) -> "Connection":
        if self.state is None:
            return ensure_recording()
        # Elsewhere: it may have to log in, which takes its time.
        return await asyncio.to_thread(lambda: ensure_recording(login=account_of(self.state)))

    def _options(self) -> EvalOptions:
        """The arguments by the engine's names. Raises ConfigError."""
        if self.scores is None and self.classifiers is None:
            raise ConfigError(
                "there are neither scores nor classifiers; give one of them, if only an empty list"
            )
        return EvalOptions(
            project=self.name,
            project_id=self.project_id,
            data=self.data,
            task=self.task,
            scores=() if self.scores is None else self.scores,
            classifiers=() if self.classifiers is None else self.classifiers,
            experiment_name=self.experiment_name,
            description=self.description,
            metadata=self.metadata or {},
            tags=self.tags or (),
            trial_count=self.trial_count,
            max_concurrency=self.max_concurrency,
            max_scorer_concurrency=self.max_scorer_concurrency,
            timeout_s=self.timeout,
            case_timeout_s=self.case_timeout,
            retries=self.retries,
            max_tokens=self.max_tokens,
            max_cost=self.max_cost,
            max_seconds=self.max_seconds,
            keep_results=self.keep_results,
            errors=self.errors,
            error_score_handler=self.error_score_handler,
            baseline=self.base_experiment_id or self.base_experiment_name or self.base_experiment,
            comparison_key=self.comparison_key,
            cluster_key=self.cluster_key,
            update=self.update,
            is_public=self.is_public,
            git_metadata_settings=self.git_metadata_settings,
            repo_info=self.repo_info,
            parameters=self.parameters,
            summary_scores=self.summary_scores,
            summarize_scores=self.summarize_scores,
            no_send_logs=self.no_send_logs,
            cancel_event=self.cancel_event,
            on_start=self.on_start,
            stream=self.stream,
            parent=self.parent,
            executor=self.executor,
            cache=self.cache,
            on_unreachable=self.on_unreachable,
        )


def _running_loop() -> asyncio.AbstractEventLoop | None:
    """The event loop of this thread; asked for here, so that no error of an eval tells that there is none."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _tell_if_cancelled(task: "asyncio.Task[ExperimentResult]") -> None:
    """Say so of an eval that nobody awaits: its loop ends before it, else without a word."""
    if task.cancelled():
        _logger.warning("an eval was cancelled before its end; await what Eval(…) returns in an event loop")


def _run_here(running: "Coroutine[Any, Any, ExperimentResult]", kept: list[str]) -> "ExperimentResult":
    """Run an eval in a loop of its own; Ctrl-C says what is kept."""
    try:
        return run_in_own_loop(running)
    except KeyboardInterrupt as interrupt:
        if kept:
            raise KeyboardInterrupt(kept[0]) from interrupt
        raise


def _what_is_kept(experiment: "ExperimentRef", finished: int, session: EvalSession | None) -> str:
    kept = f"{counted(finished, 'case is', 'cases are')} kept in {experiment.project}/{experiment.name}"
    file = "FILE" if session is None or session.file is None else shlex.quote(str(session.file))
    return f"stopped; {kept}; go on with: spanscore eval {file} --resume {shlex.quote(experiment.name)}"


def unique_name(name: str, taken: Sequence[str]) -> str:
    """The name, with the suffix `_1`, `_2`, … where it is taken already."""
    count = sum(each == name or each.rpartition("_")[0] == name for each in taken)
    return f"{name}_{count}" if count else name


def _nothing() -> None:
    """Nothing is stored, so there is nothing to wait for."""
