from typing import Any

import pytest

from spanscore.errors import EvalError
from spanscore.evals._options import EvalOptions
from spanscore.evals._overridden import not_run
from spanscore.evals._summary_scores import with_summary_scores

pytestmark = pytest.mark.core

SUMMARY = not_run(EvalOptions(project="p", data=[], task=len, scores=[])).summary


async def later(results: Any) -> Any:
    return {"name": "share", "score": len(results) / 4}


async def test_functions_over_all_results_give_scores_of_their_names() -> None:
    def skipped(results: Any) -> None:
        return None

    results: Any = [1, 2]
    summary = await with_summary_scores(SUMMARY, [later, skipped, lambda _: True], results)
    found = {name: (score.mean, score.scored, score.skipped) for name, score in summary.scores.items()}
    assert found == {"share": (0.5, 1, 0), "skipped": (None, 0, 1), "summary_score_2": (1.0, 1, 0)}
    assert await with_summary_scores(SUMMARY, [], results) is SUMMARY


async def test_one_that_fails_is_named() -> None:
    with pytest.raises(EvalError, match="summary_score_0 failed: ScoreError: "):
        await with_summary_scores(SUMMARY, [lambda results: 7], [])
