"""How the scores of one scorer, or the labels of one classifier, stand on its span."""

from collections.abc import Sequence
from typing import Any, Final

from spanscore._json import JsonText, to_json
from spanscore.scoring import Classification, Score, grouped
from spanscore.wire import attributes as keys

_EXPLANATIONS: Final = ("explanation", "rationale", "reason")


def score_attributes(scorer: str, scores: Sequence[Score], max_bytes: int) -> dict[str, JsonText]:
    """Output, scores and metadata of the scorer named `scorer`.

    A single score of the scorer's own name is written flat, `{"score": 1.0}`, others by their names.
    """
    written = {keys.SCORES: to_json({score.name: score.score for score in scores}, max_bytes=max_bytes)}
    if len(scores) == 1 and scores[0].name == scorer:
        output: Any = {"score": scores[0].score}
        metadata: Any = scores[0].metadata
    else:
        output = {score.name: {"score": score.score} for score in scores}
        metadata = {score.name: score.metadata for score in scores if score.metadata}
    written[keys.OUTPUT_JSON] = to_json(output, max_bytes=max_bytes)
    if metadata:
        written[keys.METADATA] = to_json(metadata, max_bytes=max_bytes)
    return written


def classification_attributes(labels: Sequence[Classification], max_bytes: int) -> dict[str, JsonText]:
    """Output of a classifier: its one label as it is, several by their names, null for none."""
    output: Any = labels[0].as_item() if len(labels) == 1 else grouped(labels) or None
    return {keys.OUTPUT_JSON: to_json(output, max_bytes=max_bytes)}


def score_event(score: Score) -> dict[str, Any]:
    """The attributes of the event `gen_ai.evaluation.result` for a score that is not skipped."""
    event: dict[str, Any] = {
        keys.GEN_AI_EVALUATION_NAME: score.name,
        keys.GEN_AI_EVALUATION_SCORE_VALUE: score.score,
    }
    metadata = score.metadata or {}
    for name in _EXPLANATIONS:
        if isinstance(metadata.get(name), str):
            event[keys.GEN_AI_EVALUATION_EXPLANATION] = metadata[name]
            break
    return event
