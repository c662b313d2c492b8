from typing import Any

import pytest

from spanscore.evals import ReporterDef

pytestmark = pytest.mark.core


async def async_eval(evaluator: Any, result: Any, verbose: bool, jsonl: bool) -> Any:
    return evaluator, result, verbose, jsonl


async def async_run(results: Any, verbose: bool, jsonl: bool) -> Any:
    return results == [1] and verbose and not jsonl


def sync_eval(result: Any, evaluator: Any, jsonl: bool, verbose: bool) -> Any:
    return evaluator, result, verbose, jsonl


def sync_run(jsonl: bool, verbose: bool, results: Any) -> Any:
    return results == [1] and verbose and not jsonl


@pytest.mark.parametrize(("report_eval", "report_run"), [(async_eval, async_run), (sync_eval, sync_run)])
async def test_functions_are_called_by_name_and_awaited_if_they_want_it(
    report_eval: Any, report_run: Any
) -> None:
    reporter = ReporterDef(name="mine", report_eval=report_eval, report_run=report_run)
    assert await reporter.report("e", "r", verbose=True, jsonl=False) == ("e", "r", True, False)
    assert await reporter.conclude((1,), verbose=True, jsonl=False) is True
    assert await reporter.conclude((), verbose=True, jsonl=False) is False
