"""How the scores of one scorer, or the labels of one classifier, stand on its span."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from spanscore._json import JsonText, to_json
from spanscore.scoring import Classification, Score, grouped
from spanscore.tracing import PlainAttributes
from spanscore.wire import attributes as keys

_EXPLANATIONS: Final = ("explanation", "rationale", "reason")


def score_attributes(scorer: str, scores: Sequence[Score], max_bytes: int) -> PlainAttributes:
    """Output, scores and metadata of the scorer named `scorer`.

    A single score of the scorer's own name is written flat, `{"score": 1.0}`, others by their names. A score
    is no credential, whatever its name.
    """
    if len(scores) == 1 and scores[0].name == scorer:
        number = scores[0].score
        by_name = _flat_json(scorer, number, max_bytes)
        output = _flat_json("score", number, max_bytes)
        metadata: Mapping[str, Any] = scores[0].metadata
    else:
        given = {score.name: score.score for score in scores}
        by_name = to_json(given, max_bytes=max_bytes, redact=False)
        outputs = {name: {"score": number} for name, number in given.items()}
        output = to_json(outputs, max_bytes=max_bytes, redact=False)
        metadata = {score.name: score.metadata for score in scores if score.metadata}
    written = PlainAttributes({keys.SCORES: by_name, keys.OUTPUT_JSON: output})
    if metadata:
        written[keys.METADATA] = to_json(metadata, max_bytes=max_bytes)
    return written


def _flat_json(name: str, score: float | None, max_bytes: int) -> JsonText:
    """`{name: score}`, put together without a walk through it."""
    text = f"{{{_quoted(name)}:{'null' if score is None else repr(float(score))}}}"
    if 4 * len(text) > max_bytes:
        return to_json({name: score}, max_bytes=max_bytes, redact=False)
    return JsonText(text)


@lru_cache(maxsize=1024)
def _quoted(name: str) -> JsonText:
    return to_json(name)


def classification_attributes(labels: Sequence[Classification], max_bytes: int) -> dict[str, JsonText]:
    """Output of a classifier: its one label as it is, several by their names, null for none."""
    output: Any = labels[0].as_item() if len(labels) == 1 else grouped(labels) or None
    return {keys.OUTPUT_JSON: to_json(output, max_bytes=max_bytes)}


def score_event(score: Score) -> PlainAttributes:
    """The attributes of the event `gen_ai.evaluation.result` for a score that is not skipped."""
    event = PlainAttributes(
        {keys.GEN_AI_EVALUATION_NAME: score.name, keys.GEN_AI_EVALUATION_SCORE_VALUE: score.score}
    )
    for name in _EXPLANATIONS if score.metadata else ():
        explanation = score.metadata.get(name)
        if isinstance(explanation, str):
            event[keys.GEN_AI_EVALUATION_EXPLANATION] = str.__str__(explanation)
            break
    return event
