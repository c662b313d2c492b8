"""What the guide "Write evals", the Go package `eval` and the Ruby design say of scorers, as evals that run.

Each test is named after the statement; a comment says where Python does it otherwise.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from spanscore import Eval, Score, scorer
from spanscore.evals import ExperimentResult
from spanscore.scoring import Classification

pytestmark = pytest.mark.core

CASES: list[dict[str, Any]] = [
    {"input": "2 + 2", "expected": "4", "metadata": {"kind": "sum", "threshold": 0.5}},
    {"input": "hello", "expected": "Hi", "metadata": {"kind": "chat"}},
]
OUTPUTS = {"2 + 2": "4", "hello": "hi"}


def ran(*scores: Any, **options: Any) -> ExperimentResult:
    return Eval("guides", CASES, OUTPUTS.__getitem__, scores, quiet=True, **options)


def scores_of(*scores: Any) -> list[dict[str, float | None]]:
    result = ran(*scores)
    assert [one.scorer_errors for one in result.results] == [{}, {}]
    return [dict(one.scores) for one in result.results]


def exact(output: str, expected: str) -> float:
    return 1.0 if output == expected else 0.0


def test_guide_a_scoring_function_takes_input_output_expected_and_returns_a_score() -> None:
    assert scores_of(exact) == [{"exact": 1.0}, {"exact": 0.0}]


def test_guide_expected_is_optional() -> None:
    def short(input: str, output: str) -> bool:
        return len(output) < len(input)

    assert scores_of(short) == [{"short": 1.0}, {"short": 1.0}]


def test_guide_conditional_scoring() -> None:
    def sums_only(input: str, output: str, expected: str) -> float | None:
        return exact(output, expected) if "+" in input else None

    assert scores_of(sums_only) == [{"sums_only": 1.0}, {"sums_only": None}]


def test_guide_a_skipped_score_is_ignored_in_the_summary() -> None:
    def sums_only(output: str, metadata: dict[str, Any]) -> float | None:
        return 0.5 if metadata["kind"] == "sum" else None

    summary = ran(sums_only).summary.scores["sums_only"]
    assert (summary.mean, summary.scored, summary.skipped) == (0.5, 1, 1)


def test_guide_a_scorer_returns_a_list_of_scores() -> None:
    def several(output: str, expected: str) -> list[Score]:
        found = [Score("any_case", float(output.lower() == expected.lower()))]
        return [*found, Score("exact", exact(output, expected))] if output.isdigit() else found

    assert scores_of(several) == [{"any_case": 1.0, "exact": 1.0}, {"any_case": 1.0}]


def test_guide_a_list_needs_scores_with_names() -> None:
    def unnamed(output: str) -> list[float]:
        return [1.0]

    (error, _) = (one.scorer_errors["unnamed"] for one in ran(unnamed).results)
    assert "unnamed returned a list with 1.0, whose name nobody knows" in str(error)


def test_guide_scorers_with_additional_fields_by_partial() -> None:
    autoevals: Any = pytest.importorskip("autoevals")
    strict = autoevals.Levenshtein.partial(expected="4")

    # Like the official SDK, what the case expects goes before what was fixed.
    assert scores_of(strict) == [{"Levenshtein": 1.0}, {"Levenshtein": 0.5}]


def test_guide_dynamic_fields_by_a_wrapper() -> None:
    def at_least(output: str, expected: str, metadata: dict[str, Any]) -> bool:
        return exact(output, expected) >= metadata.get("threshold", 1)

    assert scores_of(at_least) == [{"at_least": 1.0}, {"at_least": 0.0}]


def test_guide_composing_scorers() -> None:
    autoevals: Any = pytest.importorskip("autoevals")

    def lowered(output: str, expected: str) -> Any:
        return autoevals.Levenshtein()(output.lower(), expected.lower())

    # The score says the name that it has.
    assert scores_of(lowered) == [{"Levenshtein": 1.0}, {"Levenshtein": 1.0}]


async def _slow_exact(output: str, expected: str) -> float:
    return exact(output, expected)


class ByName:
    """A scorer as Go has them: `Name` and `Run` are `name` and a call."""

    def name(self) -> str:
        return "by_name"

    def __call__(self, output: str, expected: str) -> float:
        return exact(output, expected)


def test_go_a_scorer_has_a_name_and_runs() -> None:
    assert scores_of(ByName()) == [{"by_name": 1.0}, {"by_name": 0.0}]


def test_go_new_scorer() -> None:
    assert scores_of(scorer("exact-match", exact)) == [{"exact-match": 1.0}, {"exact-match": 0.0}]


def test_go_a_score_has_metadata() -> None:
    def told(output: str) -> Score:
        return Score("told", 1, {"length": len(output)})

    assert scores_of(told) == [{"told": 1.0}, {"told": 1.0}]


def test_go_a_scorer_gets_what_the_task_hands_over_and_what_is_known_of_the_case() -> None:
    def task(input: str, hooks: Any) -> str:
        hooks.user_data = {"seen": input}
        return OUTPUTS[input]

    def handed(input: str, expected: str, output: str, metadata: Any, user_data: Any) -> bool:
        return user_data == {"seen": input} and output == OUTPUTS[input] and "kind" in metadata

    result = Eval("guides", CASES, task, [handed], quiet=True)
    assert [dict(one.scores) for one in result.results] == [{"handed": 1.0}, {"handed": 1.0}]


def test_ruby_three_or_four_parameters_by_position() -> None:
    # Ruby's order is input, expected, output; Python's is that of the documentation: input, output, expected.
    three = scorer("three", lambda i, o, e: o == e and OUTPUTS[i] == o)
    four = scorer("four", lambda i, o, e, m: "kind" in m)
    assert scores_of(three, four) == [{"three": 1.0, "four": 1.0}, {"three": 0.0, "four": 1.0}]


def test_ruby_another_number_of_parameters_is_an_error_before_the_first_case() -> None:
    with pytest.raises(
        TypeError, match="the scorer one wants i, which an eval does not have; take input, output"
    ):
        ran(scorer("one", lambda i: 1.0))


RETURNED: dict[str, tuple[Any, dict[str, float | None]]] = {
    "ruby: a float": (0.5, {"s": 0.5}),
    "ruby: a hash with a name": ({"name": "cosine", "score": 0.85}, {"cosine": 0.85}),
    "ruby: a hash without a name": ({"score": 0.85}, {"s": 0.85}),
    "ruby: several": (
        [{"name": "bleu", "score": 0.25}, {"name": "rouge", "score": 1}],
        {"bleu": 0.25, "rouge": 1.0},
    ),
    "python: a bool": (True, {"s": 1.0}),
    "python: nothing": (None, {"s": None}),
    "python: no scores": ([], {}),
}


@pytest.mark.parametrize(("raw", "scores"), RETURNED.values(), ids=RETURNED.keys())
def test_what_may_be_returned(raw: Any, scores: dict[str, float | None]) -> None:
    assert scores_of(scorer("s", lambda output: raw)) == [scores, scores]


def test_ruby_anything_callable_is_a_scorer() -> None:
    class Fuzzy:
        def __init__(self, least: float = 0.5) -> None:
            self.least = least

        def __call__(self, output: str) -> float:
            return self.least

    assert scores_of(Fuzzy, Fuzzy(0.75), scorer("named", Fuzzy(1)), _slow_exact) == [
        {"Fuzzy": 0.5, "Fuzzy_2": 0.75, "named": 1.0, "_slow_exact": 1.0},
        {"Fuzzy": 0.5, "Fuzzy_2": 0.75, "named": 1.0, "_slow_exact": 0.0},
    ]


def test_ruby_a_failing_scorer_does_not_stop_the_others() -> None:
    def broken(output: str) -> float:
        raise ValueError("theirs")

    result = ran(broken, exact)
    assert [(dict(one.scores), list(one.scorer_errors)) for one in result.results] == [
        ({"exact": 1.0}, ["broken"]),
        ({"exact": 0.0}, ["broken"]),
    ]
    assert (result.summary.scorer_errors, result.summary.scores["broken"].mean) == (2, 0.0)


async def _never_awaited() -> float:
    return 1.0


def _yields(output: str) -> Iterator[Score]:
    yield Score("first", 1.0)
    yield Score("second", 0.5)


def _exits(output: str) -> float:
    raise SystemExit(3)


ODD: dict[str, tuple[Any, dict[str, float], str]] = {
    "a coroutine that a plain function returns is awaited": (lambda output: _never_awaited(), {"s": 1.0}, ""),
    "a generator is the list of what it yields": (_yields, {"first": 1.0, "second": 0.5}, ""),
    "not a number": (lambda output: float("nan"), {}, "the score s is nan, which is not in 0..1"),
    "below 0": (lambda output: -1, {}, "the score s is -1.0, which is not in 0..1"),
    "above 1": (lambda output: 100, {}, "the score s is 100.0, which is not in 0..1; scale it"),
    "10 MB": (lambda output: "x" * 10_000_000, {}, "s returned 'xxx"),
    "a list with a coroutine": (lambda output: [_never_awaited], {}, "s returned a list with <function"),
    "SystemExit": (_exits, {}, "3"),
}


@pytest.mark.parametrize(("function", "scores", "error"), ODD.values(), ids=ODD.keys())
def test_what_else_may_come_of_a_scorer(function: Any, scores: dict[str, float], error: str) -> None:
    result = ran(scorer("s", function), exact)
    for one in result.results:
        assert {name: score for name, score in one.scores.items() if name != "exact"} == scores
        told = {name: str(failure)[:200] for name, failure in one.scorer_errors.items()}
        assert told == ({"s": told["s"]} if error else {})
        assert not error or told["s"].startswith(error)
        assert len(told.get("s", "")) <= 200


def test_classifiers_label_beside_scores() -> None:
    def tone(output: str) -> Any:
        return Classification("formal" if output[0].isupper() or output.isdigit() else "casual", label="Tone")

    def nothing(output: str) -> None:
        return None

    def broken(output: str) -> Any:
        return "formal"

    result = ran(exact, classifiers=[tone, nothing, broken])
    assert [dict(one.classifications) for one in result.results] == [
        {"tone": [{"id": "formal", "label": "Tone"}]},
        {"tone": [{"id": "casual", "label": "Tone"}]},
    ]
    begins = "When returning structured classifier results, each classification must be a non-empty object."
    assert all(str(one.classifier_errors["broken"]).startswith(begins) for one in result.results)
