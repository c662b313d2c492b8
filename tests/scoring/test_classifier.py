"""The items of the conformance list on classifiers that concern what is called and what comes back."""

from types import SimpleNamespace
from typing import Any

import pytest

from spanscore.errors import ScoreError, ScorerSignatureError
from spanscore.scoring import Classification, grouped, prepare_classifiers

pytestmark = pytest.mark.core

VALUES = {
    "input": "i",
    "output": "o",
    "expected": "e",
    "metadata": {"k": 1},
    "tags": (),
    "trial_index": 0,
    "trace": None,
    "id": "1",
    "user_data": None,
}
WRONG = "^When returning structured classifier results, each classification must be a non-empty object."


def tone(output: Any) -> Any:
    return {"id": output}


class Tone:
    async def eval_async(self, output: Any, expected: Any = None) -> Any:
        return Classification(output)


def everything(**kwargs: Any) -> Any:
    return {"id": "all", "metadata": kwargs}


def found(raw: Any) -> tuple[Classification, ...]:
    [prepared] = prepare_classifiers([tone])
    return prepared.read(raw)


MEANT: dict[str, tuple[Any, tuple[Classification, ...]]] = {
    "81: none": (None, ()),
    "81: one": ({"id": "a"}, (Classification("a", "tone"),)),
    "81: a Classification": (Classification("a"), (Classification("a", "tone"),)),
    "81: a list": (
        [{"id": "a"}, Classification("b")],
        (Classification("a", "tone"), Classification("b", "tone")),
    ),
    "81: a tuple": (({"id": "a"},), (Classification("a", "tone"),)),
    "81: an empty list": ([], ()),
    "81: another's object": (
        SimpleNamespace(id="a", name="n", label="A", metadata={"k": 1}),
        (Classification("a", "n", "A", {"k": 1}),),
    ),
    "84: an empty name": ({"id": "a", "name": ""}, (Classification("a", "tone"),)),
    "84: no text for a name": ({"id": "a", "name": 7}, (Classification("a", "tone"),)),
    "84: no name": ({"id": "a", "name": None}, (Classification("a", "tone"),)),
    "a name of its own": ({"id": "a", "name": "n"}, (Classification("a", "n"),)),
    "86: large metadata": (
        {"id": "a", "metadata": {"k": "x" * 100_000}},
        (Classification("a", "tone", None, {"k": "x" * 100_000}),),
    ),
}


@pytest.mark.parametrize(("raw", "meant"), MEANT.values(), ids=MEANT.keys())
def test_what_classifiers_may_return(raw: Any, meant: tuple[Classification, ...]) -> None:
    assert found(raw) == meant


REFUSED: dict[str, tuple[Any, str]] = {
    "85: an empty object": ({}, "tone returned {}"),
    "85: a text": ("positive", "tone returned 'positive'; return Classification"),
    "85: a number": (0.5, "tone returned 0.5"),
    "85: true": (True, "tone returned True"),
    "85: nothing in a list": ([{"id": "a"}, None], "tone returned None"),
    "85: a list in a list": ([[{"id": "a"}]], "tone returned "),
    "no id": ({"label": "A"}, "tone returned the id None"),
    "an empty id": ({"id": ""}, "tone returned the id ''"),
    "an id that is no text": ({"id": 3}, "tone returned the id 3"),
    "a label that is no text": ({"id": "a", "label": 3}, "tone returned the label 3"),
    "metadata that is no dict": ({"id": "a", "metadata": [1]}, r"tone returned the metadata \[1\]"),
}


@pytest.mark.parametrize(("raw", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_classification(raw: Any, message: str) -> None:
    with pytest.raises(ScoreError, match=f"{WRONG} {message}"):
        found(raw)


def test_86_and_87_one_list_for_a_name_in_order_with_duplicates_and_items_without_it() -> None:
    items = [
        {"id": "a", "name": "n"},
        {"id": "b", "label": "B"},
        {"id": "a", "name": "n", "metadata": {"k": 1}},
    ]
    assert grouped(found(items)) == {
        "n": [{"id": "a"}, {"id": "a", "metadata": {"k": 1}}],
        "tone": [{"id": "b", "label": "B"}],
    }


def test_88_nothing_is_grouped_into_nothing() -> None:
    assert grouped(()) == {}


def test_81_the_arguments_of_scorers() -> None:
    [prepared] = prepare_classifiers([everything])
    assert prepared.call(VALUES) == {"id": "all", "metadata": VALUES}


async def test_81_an_async_one() -> None:
    [prepared] = prepare_classifiers([Tone])
    assert (prepared.name, prepared.is_async) == ("Tone", True)
    assert prepared.read(await prepared.call(VALUES)) == (Classification("o", "Tone"),)


def test_83_names() -> None:
    prepared = prepare_classifiers([tone, lambda output: None, tone])
    assert [classifier.name for classifier in prepared] == ["tone", "classifier_1", "tone_2"]


def test_86_classifiers_of_one_name_share_its_list() -> None:
    first, second = prepare_classifiers([tone, tone])
    assert grouped((*first.read({"id": "a"}), *second.read({"id": "b"}))) == {
        "tone": [{"id": "a"}, {"id": "b"}]
    }


@pytest.mark.parametrize(
    ("classifier", "message"),
    [
        (5, "5 is no classifier"),
        (lambda wish: None, "the classifier classifier_0 wants wish, which an eval does not have"),
    ],
)
def test_what_is_no_classifier(classifier: Any, message: str) -> None:
    with pytest.raises(ScorerSignatureError, match=message):
        prepare_classifiers([classifier])
