"""What an eval was asked to do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from spanscore.errors import ConfigError

ErrorRule = Literal["zero", "exclude", "fail"]
"""How an errored case or scorer counts in the headline mean: as 0, not at all, or making the mean None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalOptions:
    """The arguments of an eval, checked.

    `baseline` is an experiment's name or id; None means the latest earlier one. `timeout_s` is for each call
    of the task and of a scorer. Raises ConfigError naming the value that cannot be used.
    """

    project: str
    data: Any
    task: Any
    scores: Sequence[Any]
    experiment_name: str | None = None
    description: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])
    tags: Sequence[str] = ()
    trial_count: int = 1
    max_concurrency: int = 10
    keep_results: bool = True
    errors: ErrorRule = "zero"
    timeout_s: float | None = None
    baseline: str | None = None
    update: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.project, str) or not self.project:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigError(f"the project's name is {self.project!r}; give a text, such as 'support bot'")
        for name in ("scores", "tags"):
            value = getattr(self, name)
            if isinstance(value, (str, Mapping)) or not isinstance(value, Iterable):
                raise ConfigError(f"{name} is {value!r}; give a list")
        for name in ("trial_count", "max_concurrency"):
            value = getattr(self, name)
            if type(value) is not int or value < 1:
                raise ConfigError(f"{name} is {value!r}; give a whole number from 1")
        if self.errors not in get_args(ErrorRule):
            raise ConfigError(f"errors is {self.errors!r}; give one of {', '.join(get_args(ErrorRule))}")
        if self.timeout_s is not None and not self.timeout_s > 0:
            raise ConfigError(f"timeout is {self.timeout_s!r}; give seconds above 0, or None for no limit")
