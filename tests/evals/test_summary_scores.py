from typing import Any

import pytest

from spanscore.errors import EvalError
from spanscore.evals._summary_scores import summary_scores

pytestmark = pytest.mark.core


async def later(results: Any) -> Any:
    return {"name": "share", "score": len(results) / 4}


async def test_functions_over_all_results_give_scores_of_their_names() -> None:
    def skipped(results: Any) -> None:
        return None

    results: Any = [1, 2]
    found = await summary_scores([later, skipped, lambda _: True], results)
    assert found == {"share": 0.5, "skipped": None, "summary_score_2": 1.0}
    assert await summary_scores([], results) == {}


async def test_one_that_fails_is_named() -> None:
    with pytest.raises(EvalError, match="summary_score_0 failed: ScoreError: "):
        await summary_scores([lambda results: 7], [])
