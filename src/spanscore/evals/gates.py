"""Gates: what the figures of an experiment must not be."""

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from typing_extensions import assert_never

from spanscore.errors import ConfigError
from spanscore.statistics import CONFIDENCE, t_quantile
from spanscore.wire.summaries import Difference, ExperimentSummary

_OPERATORS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_THRESHOLD: Final = re.compile(r"\s*(?P<name>.+?)\s*(?P<operator><=|>=|<|>)\s*(?P<limit>\S+)\s*")
_MISPLACED: Final = re.compile(r".*[<>=!]|[-+.\d]\S*\s*[<>].*", re.DOTALL)
"""What is no name but a slip: `accuracy =< 0.9`, `0.5 < accuracy < 0.9`."""
_REGRESSION: Final = re.compile(
    r"\s*(?P<name>[^:@\s].*?)\s*(?::(?P<margin>[^:@]*))?(?:@(?P<confidence>[^:@]*))?\s*"
)
"""What follows the last colon is the margin, whatever it is: a slip in it must not pass for a name."""
_MEASURED: Final = ("duration", "tokens", "prompt_tokens", "completion_tokens", "estimated_cost")
_COUNTED: Final = ("errors", "scorer_errors")


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A figure that must not stand so to its limit, such as `accuracy < 0.9`."""

    name: str
    operator: str
    limit: float

    def __str__(self) -> str:
        return f"{self.name} {self.operator} {self.limit:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """A score that must not fall below the baseline's by more than `margin`, with this confidence in percent.

    A metric must not rise by more. What a comparison leaves open passes.
    """

    name: str
    margin: float = 0.0
    confidence: float = 100 * CONFIDENCE

    def __str__(self) -> str:
        return f"{self.name}:{self.margin:g}@{self.confidence:g}"


Gate = Threshold | Regression


def parse_gates(fail_if: Sequence[str], fail_on_regression: Sequence[str]) -> tuple[Gate, ...]:
    """Gates of their texts: `NAME < NUMBER` (or <=, >, >=), and `NAME[:MARGIN][@CONFIDENCE]`.

    A name is that of a score, of a metric (`duration` in seconds, `tokens`, `prompt_tokens`,
    `completion_tokens`, `estimated_cost`, and what was logged: the mean over cases), or `errors` or
    `scorer_errors`, which are counts. Raises ConfigError.

    >>> [str(gate) for gate in parse_gates(["accuracy < 0.9", "errors>0"], ["accuracy:0.02@95", "brief"])]
    ['accuracy < 0.9', 'errors > 0', 'accuracy:0.02@95', 'brief:0@95']
    """
    return (*map(_threshold, fail_if), *map(_regression, fail_on_regression))


def _threshold(text: str) -> Threshold:
    found = _THRESHOLD.fullmatch(text)
    limit = None if found is None else _number(found["limit"])
    if found is None or limit is None or _MISPLACED.fullmatch(found["name"]):
        raise ConfigError(f"{text!r} is no condition to fail; write NAME < NUMBER, such as 'accuracy < 0.9'")
    return Threshold(name=found["name"], operator=found["operator"], limit=limit)


def _regression(text: str) -> Regression:
    found = _REGRESSION.fullmatch(text)
    margin, confidence = (None, None) if found is None else (found["margin"], found["confidence"])
    margin = 0.0 if margin is None else _number(margin)
    confidence = 100 * CONFIDENCE if confidence is None else _number(confidence)
    if found is None or margin is None or margin < 0 or confidence is None or not 50 <= confidence < 100:
        raise ConfigError(
            f"{text!r} is no regression to fail on; write NAME, NAME:MARGIN or NAME:MARGIN@CONFIDENCE, the "
            "margin from 0 and the confidence in percent from 50, such as 'accuracy:0.02@95'; "
            "a name with a colon needs a margin behind it"
        )
    return Regression(name=found["name"], margin=margin, confidence=confidence)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def failed_gates(gates: Sequence[Gate], summary: ExperimentSummary) -> list[str]:
    """Why the experiment does not pass, a sentence for each gate that fails; nothing if it passes.

    A score without a mean fails whatever is asked of it, as does a metric that was not measured. A regression
    fails if the whole interval of the difference lies beyond the margin. Raises ConfigError for a name that
    the experiment does not have.
    """
    reasons: list[str] = []
    for gate in gates:
        _check_name(gate, summary)
        reason = _reason(gate, summary)
        if reason is not None:
            reasons.append(reason)
    return reasons


def open_gates(gates: Sequence[Gate], summary: ExperimentSummary) -> list[str]:
    """What could not be decided: regressions without a baseline, or over too few inputs; these pass."""
    return [
        f"{gate.name} could not be compared: {why}"
        for gate in gates
        if isinstance(gate, Regression)
        and _value(gate.name, summary) is not None
        and (why := _undecided(gate, summary)) is not None
    ]


def concerns(gate: Gate, summary: ExperimentSummary) -> bool:
    """Whether the experiment can have the figure that the gate is about."""
    name = gate.name
    return name in summary.scores or name in _MEASURED or name in _COUNTED or name in summary.metrics


def _check_name(gate: Gate, summary: ExperimentSummary) -> None:
    if concerns(gate, summary):
        return
    name = gate.name
    scores = ", ".join(summary.scores) or "none"
    raise ConfigError(
        f"{summary.project}/{summary.experiment} has no {name!r} for a gate; its scores are: {scores}; "
        f"beside them there are {', '.join(dict.fromkeys((*_MEASURED, *summary.metrics, *_COUNTED)))}"
    )


def _value(name: str, summary: ExperimentSummary) -> float | None:
    if name in summary.scores:
        return summary.scores[name].mean
    if name in summary.metrics:
        return summary.metrics[name].mean
    return {"errors": summary.errors, "scorer_errors": summary.scorer_errors}.get(name)


def _reason(gate: Gate, summary: ExperimentSummary) -> str | None:
    value = _value(gate.name, summary)
    if value is None:
        return f"{gate.name} {_why_none(gate.name, summary)}, and must pass {gate}"
    match gate:
        case Threshold():
            fails = _OPERATORS[gate.operator](value, gate.limit)
            return f"{gate.name} is {value:.6g}, which is {gate.operator} {gate.limit:g}" if fails else None
        case Regression():
            return _fall(gate, summary)
        case _:
            assert_never(gate)


def _why_none(name: str, summary: ExperimentSummary) -> str:
    if name not in summary.scores:
        return "was not measured in any case"
    errored = summary.scores[name].errored
    return f"has no mean, since {errored} of its cases errored" if errored else "has no mean"


def _undecided(gate: Regression, summary: ExperimentSummary) -> str | None:
    difference = _difference(gate.name, summary)
    if summary.baseline is None:
        return "there is no baseline"
    if difference is None:
        return f"{summary.baseline} has nothing to match it"
    if not difference.pairs:
        change = f"{difference.baseline_mean:.6g} to {difference.mean:.6g}"
        return f"it is one number of the whole experiment, from {change}, with no telling what is chance"
    return f"{difference.pairs} matched inputs are too few" if difference.interval is None else None


def _difference(name: str, summary: ExperimentSummary) -> Difference | None:
    if name in summary.scores:
        return summary.scores[name].difference
    return summary.metrics[name].difference if name in summary.metrics else None


def _fall(gate: Regression, summary: ExperimentSummary) -> str | None:
    """Why the score is sure to have fallen, or the metric to have risen, by more than the margin."""
    difference = _difference(gate.name, summary)
    if difference is None or difference.interval is None:
        return None
    is_score = gate.name in summary.scores
    sign = 1 if is_score else -1
    edge = difference.interval.high if is_score else difference.interval.low
    bound = difference.difference + (edge - difference.difference) * _stretch(gate.confidence, difference)
    if sign * bound >= -gate.margin:
        return None
    return (
        f"{gate.name} {'fell' if is_score else 'rose'} from {difference.baseline_mean:.6g} to "
        f"{difference.mean:.6g}, by at least {abs(bound):.4g} with {gate.confidence:g} % confidence; "
        f"{gate.margin:g} is allowed"
    )


def _stretch(confidence: float, difference: Difference) -> float:
    """By how much wider the interval of this confidence is than that of 95 %."""
    if confidence == 100 * CONFIDENCE:
        return 1.0
    freedom = max(1, difference.pairs - 1)
    wanted, known = ((1 + share) / 2 for share in (confidence / 100, CONFIDENCE))
    return t_quantile(wanted, freedom) / t_quantile(known, freedom)
