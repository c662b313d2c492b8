"""The items of the span conventions on classifiers, as evals that run."""

import asyncio
from typing import Any

import pytest

from span_reading import attribute
from spanscore import Classification, Eval, EvalAsync
from spanscore.errors import ConfigError

pytestmark = pytest.mark.core

CASE = {"input": "i", "expected": "e", "metadata": {"k": 1}, "tags": ["t"]}
WRONG = "When returning structured classifier results, each classification must be a non-empty object."


def answer(input: str) -> str:
    return "o"


def tone(output: str) -> Any:
    return {"id": "calm", "label": "Calm"}


def by_name(spans: Any, name: str) -> Any:
    return next(span for span in spans if span.name == name)


async def test_item_80_scores_or_classifiers_are_needed() -> None:
    with pytest.raises(ConfigError, match="there are neither scores nor classifiers"):
        await EvalAsync("p", [CASE], answer)
    assert Eval is not EvalAsync


async def test_item_81_arguments_are_those_of_scorers(ran: Any) -> None:
    seen: dict[str, Any] = {}

    async def everything(
        input: str, output: str, expected: str, metadata: Any, tags: Any, trace: Any
    ) -> None:
        seen.update(input=input, output=output, expected=expected, metadata=dict(metadata), tags=list(tags))
        seen["task"] = [span.name for span in trace.spans()]

    result, _ = await ran([CASE], answer, classifiers=[everything, lambda i, o, e: [{"id": i + o + e}]])
    assert seen == {
        "input": "i",
        "output": "o",
        "expected": "e",
        "metadata": {"k": 1},
        "tags": ["t"],
        "task": ["task"],
    }
    assert result.results[0].classifications == {"classifier_1": [{"id": "ioe"}]}


async def test_item_82_classifiers_run_beside_scorers(ran: Any) -> None:
    scoring, labelling = asyncio.Event(), asyncio.Event()

    async def scorer(output: str) -> float:
        scoring.set()
        await labelling.wait()
        return 1.0

    async def classifier(output: str) -> Any:
        labelling.set()
        await scoring.wait()
        return {"id": "a"}

    result, _ = await asyncio.wait_for(ran([CASE], answer, [scorer], classifiers=[classifier]), 30)
    (one,) = result.results
    assert (dict(one.scores), one.classifications) == ({"scorer": 1.0}, {"classifier": [{"id": "a"}]})


async def test_item_83_each_has_a_span(ran: Any) -> None:
    _, spans = await ran([CASE], answer, classifiers=[tone, lambda output: None])
    span = by_name(spans, "tone")
    assert attribute(span, "span_attributes") == {"type": "classifier", "name": "tone", "purpose": "scorer"}
    given = attribute(span, "input_json")
    assert {name: given[name] for name in ("input", "output", "expected", "metadata")} == {
        "input": "i",
        "output": "o",
        "expected": "e",
        "metadata": {"k": 1},
    }
    assert "trace" not in given
    assert attribute(span, "output_json") == {"id": "calm", "label": "Calm"}
    assert by_name(spans, "classifier_1") is not None


@pytest.mark.parametrize("name", [None, "", 7, "absent"])
async def test_item_84_a_name_that_is_none_is_the_spans(ran: Any, name: Any) -> None:
    def tone(output: str) -> Any:
        return {"id": "calm"} if name == "absent" else {"id": "calm", "name": name}

    result, _ = await ran([CASE], answer, classifiers=[tone])
    assert result.results[0].classifications == {"tone": [{"id": "calm"}]}
    assert result.results[0].classifier_errors == {}


@pytest.mark.parametrize("raw", [{}, "calm", 1, [{"id": "a"}, None]])
async def test_item_85_anything_but_a_non_empty_object_is_an_error(ran: Any, raw: Any) -> None:
    result, _ = await ran([CASE], answer, classifiers=[lambda output: raw])
    assert str(result.results[0].classifier_errors["classifier_0"]).startswith(WRONG)


async def test_items_86_and_87_one_list_a_name(ran: Any) -> None:
    about = {"why": "x" * 100_000}

    def several(output: str) -> Any:
        return [
            Classification("b", name="n"),
            {"id": "a", "name": "n", "metadata": about},
            {"id": "b", "name": "n"},
            {"id": "c"},
        ]

    result, spans = await ran([CASE], answer, classifiers=[several])
    kept = {"n": [{"id": "b"}, {"id": "a", "metadata": about}, {"id": "b"}], "several": [{"id": "c"}]}
    assert result.results[0].classifications == kept
    assert attribute(by_name(spans, "eval"), "classifications") == kept
    assert attribute(by_name(spans, "several"), "output_json") == kept


async def test_item_88_labels_are_on_the_root_if_there_are_any(ran: Any) -> None:
    result, spans = await ran([CASE], answer, classifiers=[lambda output: None])
    assert attribute(by_name(spans, "eval"), "classifications") is None
    assert (result.results[0].classifications, result.results[0].scores) == ({}, {})
    _, spans = await ran([CASE], answer, classifiers=[tone])
    assert attribute(by_name(spans, "eval"), "classifications") == {"tone": [{"id": "calm", "label": "Calm"}]}


async def test_item_89_one_that_fails_stops_no_other(ran: Any) -> None:
    def broken(output: str) -> Any:
        raise ValueError("theirs")

    def scorer(output: str) -> float:
        return 1.0

    result, spans = await ran([CASE], answer, [scorer], classifiers=[broken, tone])
    (one,) = result.results
    assert (dict(one.scores), list(one.classifications), list(one.classifier_errors)) == (
        {"scorer": 1.0},
        ["tone"],
        ["broken"],
    )
    told = attribute(by_name(spans, "eval"), "metadata")["classifier_errors"]
    assert list(told) == ["broken"]
    assert "theirs" in told["broken"]
