from typing import Any

import pytest

from spanscore._json import from_json
from spanscore.evals._score_attributes import score_attributes, score_event
from spanscore.scoring import Score
from spanscore.wire.attributes import METADATA, OUTPUT_JSON, SCORES

pytestmark = pytest.mark.core

WRITTEN: dict[str, tuple[tuple[Score, ...], dict[str, str]]] = {
    "one": ((Score("s", 0.5),), {SCORES: '{"s":0.5}', OUTPUT_JSON: '{"score":0.5}'}),
    "skipped": ((Score("s", None),), {SCORES: '{"s":null}', OUTPUT_JSON: '{"score":null}'}),
    "with metadata": (
        (Score("s", 1.0, {"why": "so"}),),
        {SCORES: '{"s":1.0}', OUTPUT_JSON: '{"score":1.0}', METADATA: '{"why":"so"}'},
    ),
    "of another name": (
        (Score("t", 1.0, {"why": "so"}),),
        {SCORES: '{"t":1.0}', OUTPUT_JSON: '{"t":{"score":1.0}}', METADATA: '{"t":{"why":"so"}}'},
    ),
    "several": (
        (Score("a", 1.0), Score("b", None)),
        {SCORES: '{"a":1.0,"b":null}', OUTPUT_JSON: '{"a":{"score":1.0},"b":{"score":null}}'},
    ),
    "none": ((), {SCORES: "{}", OUTPUT_JSON: "{}"}),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_scores_are_written_flat_if_there_is_one_of_the_scorers_name(name: str) -> None:
    scores, expected = WRITTEN[name]
    assert score_attributes("s", scores, 1 << 20) == expected


@pytest.mark.parametrize("names", [("no_password",), ("no_password", "no_secret")])
def test_a_score_is_no_credential_whatever_its_name(names: tuple[str, ...]) -> None:
    written = score_attributes("no_password", [Score(name, 1.0) for name in names], 1 << 20)
    assert from_json(written[SCORES]) == dict.fromkeys(names, 1.0)
    assert "redacted" not in written[OUTPUT_JSON]


def test_a_name_that_is_too_long_is_cut() -> None:
    written = score_attributes("s" * 200, [Score("s" * 200, 1.0)], 100)
    assert len(written[SCORES]) <= 100
    assert from_json(written[SCORES])


EVENTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nothing": ({}, {}),
    "a rationale": ({"rationale": "since"}, {"gen_ai.evaluation.explanation": "since"}),
    "a reason that is no text": ({"reason": 3}, {}),
    "an explanation first": (
        {"reason": "b", "explanation": "a"},
        {"gen_ai.evaluation.explanation": "a"},
    ),
}


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_has_name_value_and_explanation(name: str) -> None:
    metadata, explanation = EVENTS[name]
    assert score_event(Score("s", 0.5, metadata)) == {
        "gen_ai.evaluation.name": "s",
        "gen_ai.evaluation.score.value": 0.5,
        **explanation,
    }
