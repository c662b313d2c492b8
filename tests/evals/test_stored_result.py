"""Results of an earlier run: what its rows tell is there as it was."""

import os
from pathlib import Path
from typing import Any

import pytest

from spanscore import Eval
from spanscore.evals import EvalResult
from spanscore.evals._stored_result import stored_result
from spanscore.store import SqliteStore

pytestmark = pytest.mark.core


def told(result: EvalResult) -> dict[str, Any]:
    names = ("input", "output", "expected", "scores", "metadata", "tags", "trial_index", "trace_id", "origin")
    errors = [str(result.error), *map(str, result.scorer_errors.values())]
    return {**{name: getattr(result, name) for name in names}, "errors": errors}


def test_it_is_what_the_run_itself_had() -> None:
    def task(value: int, hooks: Any) -> int:
        hooks.metadata["seen"] = True
        if value == 2:
            raise ValueError("two")
        return value * 2

    def even(output: int) -> bool | None:
        if output == 6:
            raise KeyError("six")
        return None if output == 8 else output % 2 == 0

    data = [{"input": number, "expected": 2, "tags": ["t"], "metadata": {"n": 1}} for number in range(1, 5)]
    result = Eval("p", data, task, [even], trial_count=2, quiet=True)
    store = SqliteStore(Path(os.environ["SPANSCORE_HOME"]) / "spanscore.db")
    stored = [stored_result(rows) for rows in store.finished_traces(result.experiment.id)]
    # What failed is a text in the store, with the exception's type.
    types = {"two": "ValueError: two", "'six'": "KeyError: 'six'"}
    expected = [told(each) for each in result.results]
    for each in expected:
        each["errors"] = [types.get(text, text) for text in each["errors"]]
    assert sorted(map(told, stored), key=_place) == sorted(expected, key=_place)
    assert all(each.duration_s > 0 for each in stored)


def _place(each: dict[str, Any]) -> tuple[int, int]:
    return each["input"], each["trial_index"]
