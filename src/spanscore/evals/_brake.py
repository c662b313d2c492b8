"""The brake: why no further case begins."""

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Final

from spanscore.evals._options import EvalOptions
from spanscore.evals._stopping import CANCELLED

_NO_COSTS: Final = "since no call of a model tells its cost; switch it on by setup(estimate_cost=True)"


class Brake:
    """Stops an eval from beginning cases when a budget is used up or it is cancelled; those that run go on.

    Where tokens are used and nobody tells what they cost, `max_cost` counts as used up.

    `reason` says why it stopped, None while it has not.
    """

    def __init__(self, options: EvalOptions, *, now: Callable[[], float] = monotonic) -> None:
        self.reason: str | None = None
        self._options = options
        self._now = now
        self._since = now()
        self._tokens = self._cost = 0.0
        self._knows_costs = False

    @property
    def counts_metrics(self) -> bool:
        """True if the metrics of cases are needed to know what is left."""
        return self._options.max_tokens is not None or self._options.max_cost is not None

    def pull(self, reason: str) -> None:
        """Stop, for this reason unless there is one already."""
        self.reason = self.reason or reason

    def spend(self, metrics: Mapping[str, Any]) -> bool:
        """Take note of what an attempt has used; True if there may be another."""
        if not metrics:
            return self.is_free
        options = self._options
        self._tokens += metrics.get("tokens", 0)
        self._cost += metrics.get("estimated_cost", 0)
        self._knows_costs = self._knows_costs or "estimated_cost" in metrics
        if options.max_tokens is not None and self._tokens >= options.max_tokens:
            self.pull(f"max_tokens={options.max_tokens} are used up")
        if options.max_cost is not None and self._cost >= options.max_cost:
            self.pull(f"max_cost={options.max_cost:g} dollars are used up")
        if options.max_cost is not None and self._tokens and not self._knows_costs:
            # Going on would spend without limit what was to be limited.
            self.pull(f"max_cost={options.max_cost:g} cannot be watched, {_NO_COSTS}")
        return self.is_free

    @property
    def is_free(self) -> bool:
        """True if another case may begin."""
        event = self._options.cancel_event
        if event is not None and self.reason is None and event.is_set():
            self.pull(CANCELLED)
        limit_s = self._options.max_seconds
        if limit_s is not None and self.reason is None and self._now() - self._since >= limit_s:
            self.pull(f"max_seconds={limit_s:g} have passed")
        return self.reason is None
