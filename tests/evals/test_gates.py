"""Gates: what they are written as, when they fail, what they say."""

from dataclasses import replace
from typing import Any

import pytest

from spanscore.errors import ConfigError
from spanscore.evals.gates import Regression, Threshold, failed_gates, open_gates, parse_gates
from spanscore.wire.summaries import (
    Difference,
    ExperimentSummary,
    Interval,
    MetricSummary,
    ScoreSummary,
    by_name,
)

pytestmark = pytest.mark.core


def score(
    name: str, mean: float | None, difference: Difference | None = None, errored: int = 0
) -> ScoreSummary:
    return ScoreSummary(
        name=name,
        mean=mean,
        scored_mean=mean,
        standard_deviation=0.1,
        standard_error=0.01,
        scored=100,
        skipped=0,
        errored=errored,
        difference=difference,
    )


def difference(low: float | None, value: float, high: float = 0.0) -> Difference:
    return Difference(
        baseline_mean=0.875,
        mean=0.875 + value,
        difference=value,
        standard_error=0.01,
        pairs=100,
        improvements=1,
        regressions=2,
        interval=None if low is None else Interval(low=low, high=high, method="t"),
    )


SUMMARY = ExperimentSummary(
    project="greetings",
    experiment_id="e-2",
    experiment="second",
    baseline_id="e-1",
    baseline="first",
    cases=100,
    errors=2,
    scorer_errors=0,
    duration_s=3.0,
    scores=by_name(
        (
            score("accuracy", 0.825, difference(-0.0799, -0.05, -0.0201)),
            score("exact match: strict", 0.5),
            score("broken", None, errored=3),
            score("skipped", None),
            score("few", 0.5, difference(None, -0.4)),
        )
    ),
    metrics=by_name(
        (
            MetricSummary(
                name="duration",
                unit="s",
                mean=1.5,
                total=150,
                count=100,
                difference=difference(0.3, 0.5, 0.7),
            ),
        )
    ),
)


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("accuracy < 0.9", Threshold(name="accuracy", operator="<", limit=0.9)),
        (" errors>=1 ", Threshold(name="errors", operator=">=", limit=1.0)),
        ("exact match: strict <= 1e-3", Threshold(name="exact match: strict", operator="<=", limit=0.001)),
    ],
)
def test_conditions(text: str, gate: Threshold) -> None:
    assert parse_gates([text], []) == (gate,)


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("accuracy", Regression(name="accuracy", margin=0.0, confidence=95.0)),
        ("accuracy:0.02", Regression(name="accuracy", margin=0.02, confidence=95.0)),
        ("accuracy@99.9", Regression(name="accuracy", margin=0.0, confidence=99.9)),
        ("a: b:0.5@90", Regression(name="a: b", margin=0.5, confidence=90.0)),
        ("pass@1@90", Regression(name="pass@1", margin=0.0, confidence=90.0)),
        ("exact match: strict:0", Regression(name="exact match: strict", margin=0.0, confidence=95.0)),
    ],
)
def test_regressions(text: str, gate: Regression) -> None:
    assert parse_gates([], [text]) == (gate,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "accuracy",
        "accuracy = 1",
        "accuracy < high",
        "< 1",
        "a < nan",
        "a < 1 2",
        "a =< 1",
        "a < < 1",
        "a != > 1",
        "0.5 < a < 1",
    ],
)
def test_what_is_no_condition(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_gates([text], [])
    expected = f"{text!r} is no condition to fail; write NAME < NUMBER, such as 'accuracy < 0.9'"
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a:-1",
        "a:1x",
        "a:x",
        "a:",
        "a: b",
        "a:0,02",
        "a:x@95",
        "a@",
        "a:0.1@",
        "a@100",
        "a@0.95",
        "a:0.1@x",
        ":0.1",
    ],
)
def test_what_is_no_regression(text: str) -> None:
    with pytest.raises(ConfigError, match="is no regression to fail on; write NAME, NAME:MARGIN"):
        parse_gates([], [text])


@pytest.mark.parametrize(
    ("fail_if", "reasons"),
    [
        ("accuracy < 0.825", []),
        ("accuracy <= 0.825", ["accuracy is 0.825, which is <= 0.825"]),
        ("accuracy < 0.9", ["accuracy is 0.825, which is < 0.9"]),
        ("errors > 2", []),
        ("errors > 0", ["errors is 2, which is > 0"]),
        ("scorer_errors > 0", []),
        ("duration > 1", ["duration is 1.5, which is > 1"]),
        ("broken < 0", ["broken has no mean, since 3 of its cases errored, and must pass broken < 0"]),
        ("skipped < 0", ["skipped has no mean, and must pass skipped < 0"]),
        (
            "estimated_cost > 1",
            ["estimated_cost was not measured in any case, and must pass estimated_cost > 1"],
        ),
    ],
)
def test_thresholds(fail_if: str, reasons: list[str]) -> None:
    assert failed_gates(parse_gates([fail_if], []), SUMMARY) == reasons


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("accuracy", "0.0201 with 95 %"),
        ("accuracy:0.02", "0.0201 with 95 %"),
        ("accuracy:0.021", None),
        ("accuracy:0.02@99", None),
        ("accuracy:0.02@90", "0.02498 with 90 %"),
        ("exact match: strict:0", None),
        ("few", None),
    ],
)
def test_a_fall_fails_if_all_of_its_interval_is_beyond_the_margin(text: str, bound: str | None) -> None:
    gates = parse_gates([], [text])
    margin = text.rpartition(":")[2].partition("@")[0] if ":" in text else "0"
    assert failed_gates(gates, SUMMARY) == (
        []
        if bound is None
        else [f"accuracy fell from 0.875 to 0.825, by at least {bound} confidence; {margin} is allowed"]
    )


def test_of_what_is_measured_a_rise_fails() -> None:
    assert failed_gates(parse_gates([], ["duration:0.25"]), SUMMARY) == [
        "duration rose from 0.875 to 1.375, by at least 0.3 with 95 % confidence; 0.25 is allowed"
    ]
    assert failed_gates(parse_gates([], ["duration:0.35"]), SUMMARY) == []


def test_a_regression_of_a_score_without_a_mean_fails() -> None:
    assert failed_gates(parse_gates([], ["broken:0.1"]), SUMMARY) == [
        "broken has no mean, since 3 of its cases errored, and must pass broken:0.1@95"
    ]


def test_all_reasons_are_given() -> None:
    gates = parse_gates(["accuracy < 0.9", "errors > 5", "errors > 1"], ["accuracy"])
    assert [reason.partition(" ")[0] for reason in failed_gates(gates, SUMMARY)] == [
        "accuracy",
        "errors",
        "accuracy",
    ]


def test_unknown_names_say_which_there_are() -> None:
    with pytest.raises(ConfigError) as caught:
        failed_gates(parse_gates(["acuracy < 0.9"], []), SUMMARY)
    assert str(caught.value) == (
        "greetings/second has no 'acuracy' for a gate; its scores are: accuracy, exact match: strict, "
        "broken, skipped, few; beside them there are duration, tokens, prompt_tokens, completion_tokens, "
        "estimated_cost, errors, scorer_errors"
    )


@pytest.mark.parametrize(
    ("text", "changes", "why"),
    [
        ("accuracy", {}, None),
        ("accuracy", {"baseline": None}, "there is no baseline"),
        ("exact match: strict:0", {}, "first has nothing to match it"),
        ("few", {}, "100 matched inputs are too few"),
        ("broken", {}, None),
    ],
)
def test_what_could_not_be_decided_is_said(text: str, changes: dict[str, Any], why: str | None) -> None:
    found = open_gates(parse_gates(["accuracy < 1"], [text]), replace(SUMMARY, **changes))
    assert found == ([] if why is None else [f"{text.removesuffix(':0')} could not be compared: {why}"])
