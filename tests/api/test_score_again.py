"""Scoring a stored experiment again; what comes of it is tested in tests/evals/test_past.py."""

import pytest

from spanscore import Eval
from spanscore.api._score_again import score_again
from spanscore.errors import NotFoundError
from spanscore.evals import Look

pytestmark = pytest.mark.core


def length(output: str) -> int:
    return len(output)


async def test_the_new_experiment_says_where_it_is_from() -> None:
    with pytest.raises(NotFoundError, match="no experiment 'first'"):
        await score_again("first", [length])
    first = await Eval("p", [{"input": "a"}], str.upper, [], experiment_name="first", quiet=True)  # type: ignore[misc]
    again = await score_again(first.experiment.id, [length], look=Look(quiet=True))
    assert (again.experiment.project, again.experiment.name) == ("p", "first-rescored")
    assert again.summary.scores["length"].mean == 1
