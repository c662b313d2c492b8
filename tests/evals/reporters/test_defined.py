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


FREELY: dict[str, tuple[Any, Any]] = {
    "other names": (lambda ev, res, verbose, jsonl: (ev, res, verbose, jsonl), ("e", "r", True, False)),
    "all other names": (lambda a, b, c, d: (a, b, c, d), ("e", "r", True, False)),
    "fewer": (lambda ev, res: (ev, res), ("e", "r")),
    "one by its name": (lambda result: result, "r"),
    "a default": (lambda ev, res, width=80: (ev, res, width), ("e", "r", 80)),
    "by position": (lambda *told: told, ("e", "r", True, False)),
    "by position alone": (lambda ev, res, /, jsonl: (ev, res, jsonl), ("e", "r", False)),
    "whatever there is": (
        lambda **told: told,
        {"evaluator": "e", "result": "r", "verbose": True, "jsonl": False},
    ),
}


@pytest.mark.parametrize("name", FREELY)
async def test_parameters_of_other_names_get_what_is_left_in_order(name: str) -> None:
    function, expected = FREELY[name]
    reporter = ReporterDef(name="mine", report_eval=function, report_run=all)
    assert await reporter.report("e", "r", verbose=True, jsonl=False) == expected


async def test_a_builtin_may_decide_about_the_run() -> None:
    reporter = ReporterDef(name="mine", report_eval=print, report_run=all)
    assert await reporter.conclude([True, True], verbose=False, jsonl=False) is True
    assert await reporter.conclude([True, False], verbose=False, jsonl=False) is False
