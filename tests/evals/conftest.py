"""Evals run for real, against the embedded store, with their spans in a list."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan

from spanscore.evals import EvalOptions, ExperimentResult, SilentDisplay, run_eval
from spanscore.store import SqliteStore
from spanscore.testing import recorded_spans

Ran = tuple[ExperimentResult, list[ReadableSpan]]
Runs = Callable[..., Coroutine[Any, Any, Ran]]


@pytest.fixture
def ran(tmp_path: Path) -> Runs:
    """Runs an eval with the given options; its result, and its spans in the order of their ends."""
    store = SqliteStore(tmp_path / "spanscore.db")

    async def run(data: Any, task: Any, scores: Any = (), **options: Any) -> Ran:
        chosen = EvalOptions(project="tests", data=data, task=task, scores=scores, **options)
        with recorded_spans() as recorded:
            result = await run_eval(chosen, backend=store, commit=_nothing_waits, display=SilentDisplay())
        return result, recorded.spans

    return run


def _nothing_waits() -> None:
    """The spans are in a list already."""
