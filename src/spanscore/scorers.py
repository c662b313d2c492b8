"""Scorers that need no model and no key, ready for the `scores` of an `Eval`.

`ExactMatch`, `NumericCloseness`, `ValidJSON` and `JSONDiff` look at the output; `LatencyLimit`, `TokenLimit`,
`CostLimit`, `ToolCalls` and `NoError` at the spans that the task has left. Judges by models, and the
distance of texts, are in the package `autoevals`, whose scorers `Eval` takes as they are.
"""

from spanscore.scoring.builtin import (
    CostLimit,
    ExactMatch,
    JSONDiff,
    LatencyLimit,
    NoError,
    NumericCloseness,
    TokenLimit,
    ToolCalls,
    ValidJSON,
)

__all__ = [
    "CostLimit",
    "ExactMatch",
    "JSONDiff",
    "LatencyLimit",
    "NoError",
    "NumericCloseness",
    "TokenLimit",
    "ToolCalls",
    "ValidJSON",
]
