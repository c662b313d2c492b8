"""What an eval was asked to do."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

from spanscore.errors import ConfigError, ParentError
from spanscore.evals._subset import Subset
from spanscore.tracing import Span
from spanscore.tracing._remote import parsed_parent
from spanscore.wire.repo import GitMetadataSettings, RepoInfo

ErrorRule = Literal["zero", "exclude", "fail"]
"""How an errored case or scorer counts in the headline mean: as 0, not at all, or making the mean None."""

Executor = Literal["local", "ray"]
"""Where the cases run: in this process, or on a Ray cluster."""

ErrorScoreHandler = Callable[[Any, Any, list[str]], "Mapping[str, float] | None"]
"""Gives scores in place of missing ones, for the `eval` span, the case and the names of their scorers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalOptions:
    """The arguments of an eval, checked.

    `baseline` is an experiment's name or id; None means the latest earlier one. `max_concurrency` is how many
    cases run at once, None a number that follows what the providers bear; `max_scorer_concurrency` how many
    calls of scorers, None as many as the cases bring. `timeout_s` is for the whole run, `case_timeout_s` for
    each call of the task, a scorer or a classifier. `retries` is how often a case is tried again whose task
    failed. After `max_tokens`, `max_cost` (dollars) or `max_seconds` no case is begun. `cluster_key` is the
    dotted path in a case of what makes cases depend on each other, `comparison_key` that of what cases of two
    experiments are matched by, or a function of the case. `parent` is a span, or the text that it exports,
    below which the cases are to be, in place of an experiment. `num_workers` is how many threads call
    synchronous functions. `subset` says which cases are run. `resume` is an experiment to go on with, whose
    errors are tried again with `retry_errors`; of the experiment `rescores` the stored outputs are scored,
    and no task runs. Raises ConfigError naming the value that cannot be used.
    """

    project: str
    data: Any
    task: Any
    scores: Sequence[Any]
    classifiers: Sequence[Any] = ()
    project_id: str | None = None
    experiment_name: str | None = None
    description: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])
    tags: Sequence[str] = ()
    trial_count: int = 1
    max_concurrency: int | None = None
    max_scorer_concurrency: int | None = None
    timeout_s: float | None = None
    case_timeout_s: float | None = None
    retries: int = 0
    max_tokens: int | None = None
    max_cost: float | None = None
    max_seconds: float | None = None
    keep_results: bool = True
    errors: ErrorRule = "zero"
    error_score_handler: ErrorScoreHandler | None = None
    baseline: str | None = None
    comparison_key: Callable[[Any], Any] | str | None = None
    cluster_key: str | None = None
    update: bool = False
    is_public: bool = False
    git_metadata_settings: GitMetadataSettings | None = None
    repo_info: RepoInfo | None = None
    parameters: Any = None
    parameter_values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    summary_scores: Sequence[Callable[..., Any]] = ()
    summarize_scores: bool = True
    no_send_logs: bool = False
    cancel_event: threading.Event | None = None
    on_start: Callable[[Any], Any] | None = None
    stream: Callable[[Any], Any] | None = None
    parent: Any = None
    num_workers: int | None = None
    on_unreachable: Literal["raise", "local"] = "raise"
    executor: Executor = "local"
    cache: bool = False
    subset: Subset = field(default_factory=Subset)
    resume: str | None = None
    retry_errors: bool = False
    rescores: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.project, str) or not self.project:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigError(f"the project's name is {self.project!r}; give a text, such as 'support bot'")
        _check_lists(self)
        _check_numbers(self)
        _check_kinds(self)
        _check_parent(self.parent)
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise ConfigError(f"{name} is {getattr(self, name)!r}; give one of {', '.join(choices)}")
        if self.summary_scores and not self.keep_results:
            raise ConfigError("summary_scores need all results; leave out keep_results=False")
        if self.cache and self.executor != "local":
            raise ConfigError(
                f"cache cannot go with executor={self.executor!r}, whose workers have no folder here"
            )
        if self.no_send_logs and self.executor != "local":
            raise ConfigError(
                f"no_send_logs cannot go with executor={self.executor!r}, whose workers send their spans back"
            )
        is_traced = not self.no_send_logs and self.parent is None
        if not is_traced and (self.max_tokens is not None or self.max_cost is not None):
            raise ConfigError(
                "with no_send_logs or a parent cases have no trace of their own, so that max_tokens and "
                "max_cost cannot be watched; leave them out, or give max_seconds"
            )


def _check_lists(options: EvalOptions) -> None:
    for name in _LISTS:
        value = getattr(options, name)
        if isinstance(value, (str, Mapping)) or not isinstance(value, Iterable):
            raise ConfigError(f"{name} is {value!r}; give a list")


def _check_kinds(options: EvalOptions) -> None:
    for name, (is_right, remedy) in _KINDS.items():
        value = getattr(options, name)
        if value is not None and not is_right(value):
            raise ConfigError(f"{name} is {value!r}; give {remedy}")


def _check_parent(parent: Any) -> None:
    try:
        if not isinstance(parent, Span):
            parsed_parent(parent)
    except ParentError as error:
        raise ConfigError(f"no cases can run below the parent of an eval: {error}") from None


def _check_numbers(options: EvalOptions) -> None:
    for name, least in _WHOLE_NUMBERS.items():
        value = getattr(options, name)
        if not (value is None and name in _OPTIONAL) and (type(value) is not int or value < least):
            raise ConfigError(f"{name} is {value!r}; give a whole number from {least}")
    for name, what in _AMOUNTS.items():
        value = getattr(options, name)
        if value is not None and not (isinstance(value, (int, float)) and value > 0):
            shown = name.removesuffix("_s")
            raise ConfigError(f"{shown} is {value!r}; give {what} above 0, or None for no limit")


_LISTS: Final = ("scores", "classifiers", "tags", "summary_scores")
_WHOLE_NUMBERS: Final = {
    "trial_count": 1,
    "max_concurrency": 1,
    "max_scorer_concurrency": 1,
    "retries": 0,
    "max_tokens": 1,
    "num_workers": 1,
}
_OPTIONAL: Final = ("max_concurrency", "max_scorer_concurrency", "max_tokens", "num_workers")
_KINDS: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "metadata": (lambda value: isinstance(value, Mapping), "a mapping, such as {'model': 'small'}"),
    "cluster_key": (lambda value: isinstance(value, str), "a dotted path, such as 'metadata.user'"),
    "cancel_event": (lambda value: hasattr(value, "is_set"), "a threading.Event"),
    "experiment_name": (lambda value: isinstance(value, str), "a text"),
    "git_metadata_settings": (
        lambda value: isinstance(value, GitMetadataSettings),
        "GitMetadataSettings(collect='all'), 'none' or 'some'",
    ),
    "repo_info": (lambda value: isinstance(value, RepoInfo), "RepoInfo(commit=…)"),
    "error_score_handler": (callable, "a function of a case's span, the case and the missing names"),
    "on_start": (callable, "a function of the summary"),
    "stream": (callable, "a function of an event"),
}
_AMOUNTS: Final = {
    "timeout_s": "seconds",
    "case_timeout_s": "seconds",
    "max_seconds": "seconds",
    "max_cost": "dollars",
}
_CHOICES: Final = {
    "errors": get_args(ErrorRule),
    "executor": get_args(Executor),
    "on_unreachable": ("raise", "local"),
}
