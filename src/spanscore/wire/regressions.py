"""Inputs that an experiment does worse at than its baseline."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """An input of both experiments of which a score fell.

    `scores` has the value before and the value now of each score that fell, the largest fall first; they are
    means over the input's trials. Outputs and traces are of the baseline's best trial and of the worst
    now, by the score that fell most; `output` is None where the task failed, and `error` then says how.
    """

    input: Any
    expected: Any
    before_output: Any
    output: Any
    error: str | None
    scores: Mapping[str, tuple[float, float]]
    before_trace_id: str
    trace_id: str
