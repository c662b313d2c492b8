"""What the store lists: experiments, and cases that changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spanscore.wire.seams import ExperimentRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentListing:
    """An experiment in a list: its finished cases, those whose task failed, each score's headline mean."""

    ref: ExperimentRef
    cases: int
    errors: int
    means: Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """An input whose score differs between two experiments; values are means over its cases and trials.

    `input` is the parsed input, `trace_id` and `baseline_trace_id` are of the first of its cases in each.
    """

    input: Any
    baseline_value: float
    value: float
    baseline_trace_id: str
    trace_id: str
