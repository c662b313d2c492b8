"""Whether a case stayed within what it may take: time, tokens, money."""

import math
from dataclasses import dataclass, field
from typing import Any

from spanscore.errors import ConfigError, ScoreError
from spanscore.scoring._score import Score
from spanscore.scoring._trace import Trace, recorded


@dataclass(frozen=True, slots=True)
class LatencyLimit:
    """1 where the task took at most `seconds`, else 0.

    With `graded` it is the share that the limit is of the time: 0.5 at twice the limit. The metadata has the
    time. What is measured is the task's own span.

    >>> from spanscore import Eval
    >>> result = Eval("limits", [{"input": 1}], lambda input: input, [LatencyLimit(60)], quiet=True)
    >>> result.results[0].scores
    {'latency_limit': 1.0}
    """

    seconds: float
    graded: bool = field(default=False, kw_only=True)
    name: str = field(default="latency_limit", kw_only=True)

    def __post_init__(self) -> None:
        _check("seconds", self.seconds)

    def __call__(self, trace: Trace | None) -> Score:
        """The score of one case."""
        tasks = recorded(trace, self.name).spans(type="task", name="task")
        if not tasks:
            raise ScoreError(f"{self.name} finds no span of the task in the trace; was it sampled?")
        return _score(self, "seconds", tasks[0].duration_s, self.seconds)


@dataclass(frozen=True, slots=True)
class TokenLimit:
    """1 where the task's calls of models took at most `tokens` together, else 0; 1 without any call.

    `kind` says which are counted: "tokens" (all), "prompt_tokens" or "completion_tokens". With `graded` the
    score is the share that the limit is of their number. Skipped where calls tell no number of tokens.

    >>> from spanscore import Eval
    >>> result = Eval("limits", [{"input": 1}], lambda input: input, [TokenLimit(1000)], quiet=True)
    >>> result.results[0].scores
    {'token_limit': 1.0}
    """

    tokens: int
    kind: str = field(default="tokens", kw_only=True)
    graded: bool = field(default=False, kw_only=True)
    name: str = field(default="token_limit", kw_only=True)

    def __post_init__(self) -> None:
        _check("tokens", self.tokens)
        if self.kind not in ("tokens", "prompt_tokens", "completion_tokens"):
            raise ConfigError(f"kind is {self.kind!r}; give tokens, prompt_tokens or completion_tokens")

    def __call__(self, trace: Trace | None) -> Score:
        """The score of one case."""
        return _of_metric(
            self, recorded(trace, self.name), self.kind, self.tokens, "no call tells its tokens"
        )


@dataclass(frozen=True, slots=True)
class CostLimit:
    """1 where the task's calls of models cost at most `dollars` together, else 0; 1 without any call.

    It needs costs: `setup(estimate_cost=True)`, or instrumentation that tells them. Skipped where calls of
    models tell none. With `graded` the score is the share that the limit is of the cost.

    >>> from spanscore import Eval
    >>> result = Eval("limits", [{"input": 1}], lambda input: input, [CostLimit(0.01)], quiet=True)
    >>> result.results[0].scores
    {'cost_limit': 1.0}
    """

    dollars: float
    graded: bool = field(default=False, kw_only=True)
    name: str = field(default="cost_limit", kw_only=True)

    def __post_init__(self) -> None:
        _check("dollars", self.dollars)

    def __call__(self, trace: Trace | None) -> Score:
        """The score of one case."""
        missing = "no call tells its cost; switch it on by setup(estimate_cost=True)"
        return _of_metric(self, recorded(trace, self.name), "estimated_cost", self.dollars, missing)


_Limit = LatencyLimit | TokenLimit | CostLimit


def _check(name: str, value: Any) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value < math.inf:
        raise ConfigError(f"the limit {name} is {value!r}; give a number from 0")


def _of_metric(limit: _Limit, trace: Trace, metric: str, most: float, missing: str) -> Score:
    taken = trace.metrics().get(metric)
    if taken is None:
        if trace.spans(type="llm"):
            return Score(limit.name, None, {"skipped": missing})
        taken = 0
    return _score(limit, metric, taken, most)


def _score(limit: _Limit, what: str, taken: float, most: float) -> Score:
    beyond = most / taken if limit.graded and taken else 0.0
    return Score(limit.name, 1.0 if taken <= most else beyond, {what: taken, "limit": most})
