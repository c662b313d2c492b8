"""A reporter that a user has defined."""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ReportEval = Callable[..., Any]
"""`report_eval(evaluator, result, verbose, jsonl)`: any report, or a coroutine of one."""

ReportRun = Callable[..., bool | Awaitable[bool]]
"""`report_run(results, verbose, jsonl)`: True if the run was a success, or a coroutine of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterDef:
    """What `Reporter(…)` returns: a name and two functions, sync or async.

    Their arguments go by name; required parameters of other names get those that are left, in their order.
    """

    name: str
    report_eval: ReportEval
    report_run: ReportRun

    async def report(self, evaluator: Any, result: Any, *, verbose: bool, jsonl: bool) -> Any:
        """What the user's `report_eval` makes of one eval that has run. Raises what it raises."""
        told = {"evaluator": evaluator, "result": result, "verbose": verbose, "jsonl": jsonl}
        report = _told(self.report_eval, told)
        return await report if inspect.isawaitable(report) else report

    async def conclude(self, reports: Sequence[Any], *, verbose: bool, jsonl: bool) -> bool:
        """Whether the user's `report_run` calls the run a success. Raises what it raises."""
        told = {"results": list(reports), "verbose": verbose, "jsonl": jsonl}
        verdict = _told(self.report_run, told)
        return bool(await verdict if inspect.isawaitable(verdict) else verdict)


def _told(function: Callable[..., Any], values: Mapping[str, Any]) -> Any:
    """What `function` returns for as many of the values as it takes."""
    parameters = inspect.signature(function).parameters.values()
    kinds = {parameter.kind for parameter in parameters}
    if inspect.Parameter.VAR_KEYWORD in kinds:
        return function(**values)
    if inspect.Parameter.VAR_POSITIONAL in kinds:
        return function(*values.values())
    names = {parameter.name for parameter in parameters if parameter.kind is not parameter.POSITIONAL_ONLY}
    left = [value for name, value in values.items() if name not in names]
    by_position: list[Any] = []
    by_name: dict[str, Any] = {}
    for parameter in parameters:
        if parameter.name in names and parameter.name in values:
            by_name[parameter.name] = values[parameter.name]
        elif parameter.default is not parameter.empty or not left:
            continue
        elif parameter.kind is parameter.POSITIONAL_ONLY:
            by_position.append(left.pop(0))
        else:
            by_name[parameter.name] = left.pop(0)
    return function(*by_position, **by_name)
