"""What the store lists: experiments, and cases that changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spanscore.wire.seams import ExperimentRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentListing:
    """An experiment in a list: its finished cases, those whose task failed, each score's headline mean.

    `partial` says why not all cases can be there, None if they are.
    """

    ref: ExperimentRef
    cases: int
    errors: int
    means: Mapping[str, float | None]
    partial: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """An input whose score differs between two experiments; values are means over its cases and trials.

    `input` is the parsed input, `trace_id` and `baseline_trace_id` are of the trials that
    differ most. `errored` and `baseline_errored` say that a case or its scorer failed there.
    """

    input: Any
    baseline_value: float
    value: float
    baseline_trace_id: str
    trace_id: str
    baseline_errored: bool = False
    errored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedInput:
    """An input that one of two experiments has alone, its finished cases and those whose task failed.

    `trace_id` is of the first of its cases.
    """

    input: Any
    cases: int
    errors: int
    trace_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InputScore:
    """What the trials of one input scored; `standard_deviation` is between them, None below two.

    `errored` says that one of them failed, which counts as the experiment's error rule says. `trace_id` is
    that of the lowest.
    """

    input: Any
    trials: int
    mean: float
    standard_deviation: float | None
    errored: bool
    trace_id: str
