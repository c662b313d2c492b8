"""The front door of evals: `Eval` and `EvalAsync`."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import threading

    from spanscore.api.login_state import BraintrustState
    from spanscore.evals import ErrorRule, ErrorScoreHandler, Executor, ExperimentResult
    from spanscore.wire.repo import GitMetadataSettings, RepoInfo


def Eval(  # noqa: N802 - the name its users know
    name: str,
    data: Any,
    task: Any,
    scores: Sequence[Any] | None = None,
    *,
    classifiers: Sequence[Any] | None = None,
    experiment_name: str | None = None,
    trial_count: int = 1,
    metadata: Mapping[str, Any] | None = None,
    tags: Sequence[str] | None = None,
    is_public: bool = False,
    update: bool = False,
    reporter: Any = None,
    timeout: float | None = None,
    max_concurrency: int | None = None,
    project_id: str | None = None,
    base_experiment_name: str | None = None,
    base_experiment_id: str | None = None,
    git_metadata_settings: "GitMetadataSettings | None" = None,
    repo_info: "RepoInfo | None" = None,
    error_score_handler: "ErrorScoreHandler | None" = None,
    description: str | None = None,
    summarize_scores: bool = True,
    no_send_logs: bool = False,
    parameters: Any = None,
    on_start: Callable[[Any], Any] | None = None,
    stream: Callable[[Any], Any] | None = None,
    parent: Any = None,
    state: "BraintrustState | None" = None,
    enable_cache: bool = True,
    cancel_event: "threading.Event | None" = None,
    base_experiment: str | None = None,
    errors: "ErrorRule" = "zero",
    case_timeout: float | None = None,
    max_scorer_concurrency: int | None = None,
    retries: int = 0,
    max_tokens: int | None = None,
    max_cost: float | None = None,
    max_seconds: float | None = None,
    summary_scores: Sequence[Callable[..., Any]] = (),
    cluster_key: str | None = None,
    comparison_key: Callable[[Any], Any] | str | None = None,
    executor: "Executor" = "local",
    cache: bool = False,
    on_unreachable: Literal["raise", "local"] = "raise",
    keep_results: bool = True,
    quiet: bool = False,
) -> "ExperimentResult":
    """What came of running `task` over the cases of `data` and scoring its outputs; an experiment of `name`.

    `name` is the project. `data` is a list, an iterable, a (async) generator of cases such as `{"input": …,
    "expected": …}`, or a function that returns one; it is read as the cases are run. `task(input)` or
    `task(input, hooks)`, the scorers and the classifiers may be plain or async functions; plain ones run in
    threads. Scorers get what they name of `input, output, expected, metadata, tags, trace, id, user_data`,
    and return a number in 0..1, a bool, None to skip, a dict, a Score, or a list of these.

    A task or scorer that raises ends up in `.errors` and stops nothing. `errors` says how it counts in a
    mean: "zero" as 0, "exclude" not at all, "fail" leaves the score without a mean; `error_score_handler`
    gives scores instead. A case whose task failed is tried again up to `retries` times.

    `timeout` is seconds for the whole run, after which it raises EvalTimeoutError, which has the result of
    what had finished; `case_timeout` is seconds for each call of the task, a scorer or a classifier. After
    `max_tokens`, `max_cost` (dollars) or `max_seconds` no further case is begun. `cancel_event` ends the run
    in the same way.

    At most `max_concurrency` cases run at once. Without it there are 10 at first, more (up to 100) while
    cases wait, and fewer when a provider says that it is asked too often. `max_scorer_concurrency` bounds the
    calls of scorers, and lets `max_concurrency` bound the calls of the task alone.

    `base_experiment` (also `base_experiment_name`, `base_experiment_id`) is the baseline: a name or id, the
    latest earlier experiment otherwise. A taken `experiment_name` gets a suffix unless `update`. With
    `no_send_logs` nothing is stored or sent: there are the results and their figures alone. With `parent`,
    a span or what its `export()` gave, the cases are spans below it, and there is no experiment. With
    `keep_results` False the results are only stored, and memory stays flat. With `cache` equal requests of
    recorded clients are answered from disk, for each trial on its own.

    Where spans go to Braintrust the experiment is registered there before the first case; if that fails it
    raises before any has run, unless `on_unreachable` is "local": then the eval runs for the embedded store
    alone, and `spanscore export --to braintrust` sends it later. `state`, which `login_to_state` gave, is the
    account that all of it goes to, if that is not the one in force.

    In a running event loop (a notebook) it returns an `asyncio.Task` to be awaited; typed async code is
    better off with `EvalAsync`. Raises ConfigError, ScorerSignatureError and whatever `data` raises.

    >>> result = Eval("greetings", [{"input": "Ada", "expected": "Hi Ada"}], lambda input: f"Hi {input}",
    ...               [lambda output, expected: output == expected], quiet=True)
    >>> result.success
    True
    """
    arguments = dict(locals())
    # Here and not at the top: only a program that runs an eval needs the engine.
    from spanscore.api.evaluator import Evaluator  # noqa: PLC0415

    return Evaluator(**arguments).run()


async def EvalAsync(  # noqa: N802 - the name its users know
    name: str,
    data: Any,
    task: Any,
    scores: Sequence[Any] | None = None,
    *,
    classifiers: Sequence[Any] | None = None,
    experiment_name: str | None = None,
    trial_count: int = 1,
    metadata: Mapping[str, Any] | None = None,
    tags: Sequence[str] | None = None,
    is_public: bool = False,
    update: bool = False,
    reporter: Any = None,
    timeout: float | None = None,
    max_concurrency: int | None = None,
    project_id: str | None = None,
    base_experiment_name: str | None = None,
    base_experiment_id: str | None = None,
    git_metadata_settings: "GitMetadataSettings | None" = None,
    repo_info: "RepoInfo | None" = None,
    error_score_handler: "ErrorScoreHandler | None" = None,
    description: str | None = None,
    summarize_scores: bool = True,
    no_send_logs: bool = False,
    parameters: Any = None,
    on_start: Callable[[Any], Any] | None = None,
    stream: Callable[[Any], Any] | None = None,
    parent: Any = None,
    state: "BraintrustState | None" = None,
    enable_cache: bool = True,
    cancel_event: "threading.Event | None" = None,
    base_experiment: str | None = None,
    errors: "ErrorRule" = "zero",
    case_timeout: float | None = None,
    max_scorer_concurrency: int | None = None,
    retries: int = 0,
    max_tokens: int | None = None,
    max_cost: float | None = None,
    max_seconds: float | None = None,
    summary_scores: Sequence[Callable[..., Any]] = (),
    cluster_key: str | None = None,
    comparison_key: Callable[[Any], Any] | str | None = None,
    executor: "Executor" = "local",
    cache: bool = False,
    on_unreachable: Literal["raise", "local"] = "raise",
    keep_results: bool = True,
    quiet: bool = False,
) -> "ExperimentResult":
    """`Eval` as a coroutine: the same arguments, the same result."""
    arguments = dict(locals())
    # Here and not at the top: only a program that runs an eval needs the engine.
    from spanscore.api.evaluator import Evaluator  # noqa: PLC0415

    return await Evaluator(**arguments).run_async()
