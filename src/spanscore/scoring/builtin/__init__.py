"""Scorers that need no model: of values, of JSON, and of what the trace of a case tells."""

from spanscore.scoring.builtin._exact_match import ExactMatch
from spanscore.scoring.builtin._json_diff import JSONDiff
from spanscore.scoring.builtin._limits import CostLimit, LatencyLimit, TokenLimit
from spanscore.scoring.builtin._no_error import NoError
from spanscore.scoring.builtin._numeric_closeness import NumericCloseness
from spanscore.scoring.builtin._tool_calls import ToolCalls
from spanscore.scoring.builtin._valid_json import ValidJSON

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
