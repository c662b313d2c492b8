from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.scorers import JSONDiff

pytestmark = pytest.mark.core

STRICT = JSONDiff(similar_texts=False)
CASES: dict[str, tuple[JSONDiff, Any, Any, float | None, list[str]]] = {
    "equal": (JSONDiff(), {"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}, 1.0, []),
    "a text that reads as JSON": (JSONDiff(), '{"a": 1}', {"a": 1}, 1.0, []),
    "a text where a text is expected": (JSONDiff(), "abcd", "abxd", 0.75, ["$: 'abcd' instead of 'abxd'"]),
    "only equal texts": (STRICT, "abcd", "abxd", 0.0, ["$: 'abcd' instead of 'abxd'"]),
    "no JSON": (JSONDiff(), "Rome", {"a": 1}, 0.0, ["$: 'Rome' is no JSON"]),
    "half of the keys": (JSONDiff(), {"a": 1, "b": 2}, {"a": 1, "b": -2}, 0.5, ["$.b: 2 instead of -2"]),
    "a missing key": (JSONDiff(), {"a": 1}, {"a": 1, "b": 2}, 0.5, ["$.b: missing"]),
    "a key too much": (JSONDiff(), {"a": 1, "b": 2}, {"a": 1}, 0.5, ["$.b: 2 too much"]),
    "a longer list": (JSONDiff(), [1, 2], [1], 0.5, ["$[1]: 2 too much"]),
    "numbers by their distance": (JSONDiff(), {"n": 3}, {"n": 1}, 0.5, ["$.n: 3 instead of 1"]),
    "true is not 1": (JSONDiff(), [True], [1], 0.0, ["$[0]: True instead of 1"]),
    "another kind": (JSONDiff(), {"a": 1}, [1], 0.0, ["$: {'a': 1} instead of [1]"]),
    "null and missing differ": (JSONDiff(), {"a": None}, {}, 0.0, ["$.a: None too much"]),
    "both empty": (JSONDiff(), {}, {}, 1.0, []),
    "nothing expected": (JSONDiff(), {}, None, None, []),
    "no output": (JSONDiff(), None, {"a": 1}, 0.0, ["$: None instead of {'a': 1}"]),
}


@pytest.mark.parametrize(("scorer", "output", "expected", "score", "told"), CASES.values(), ids=CASES.keys())
def test_score(scorer: JSONDiff, output: Any, expected: Any, score: float | None, told: list[str]) -> None:
    found = scorer(output, expected)
    assert (found.score, found.metadata.get("differences", [])) == (score, told)


def test_long_texts_are_compared_at_both_ends() -> None:
    text = "x" * 1_000_000
    assert JSONDiff()(f"{text}ab{text}", f"{text}cd{text}").score == pytest.approx(2_000_000 / 2_000_002)
    assert JSONDiff()(text, text + "y").score == pytest.approx(2_000_000 / 2_000_001)


def test_only_the_first_differences_are_told() -> None:
    found = JSONDiff()(list(range(1, 1001)), [0] * 1000)
    assert (found.score, len(found.metadata["differences"])) == (0.0, 10)


def test_deep_values_end() -> None:
    deep: Any = []
    for _ in range(50_000):
        deep = [deep]
    found = JSONDiff()(deep, deep)
    assert found.score == 1.0


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(VALUES, VALUES)
def test_in_range_alike_from_both_sides_and_1_only_for_equals(one: Any, other: Any) -> None:
    scorer = JSONDiff(similar_texts=False)
    there, back = scorer([one], [other]).score, scorer([other], [one]).score
    assert there is not None
    assert 0 <= there <= 1
    assert there == pytest.approx(back)
    assert scorer([one], [one]).score == 1.0
