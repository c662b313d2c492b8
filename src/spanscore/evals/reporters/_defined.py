"""A reporter that a user has defined."""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

ReportEval = Callable[..., Any]
"""`report_eval(evaluator, result, verbose, jsonl)`: any report, or a coroutine of one."""

ReportRun = Callable[..., bool | Awaitable[bool]]
"""`report_run(results, verbose, jsonl)`: True if the run was a success, or a coroutine of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterDef:
    """What `Reporter(…)` returns: a name and two functions, sync or async, whose arguments go by name."""

    name: str
    report_eval: ReportEval
    report_run: ReportRun

    async def report(self, evaluator: Any, result: Any, *, verbose: bool, jsonl: bool) -> Any:
        """What the user's `report_eval` makes of one eval that has run. Raises what it raises."""
        report = self.report_eval(evaluator=evaluator, result=result, verbose=verbose, jsonl=jsonl)
        return await report if inspect.isawaitable(report) else report

    async def conclude(self, reports: Sequence[Any], *, verbose: bool, jsonl: bool) -> bool:
        """Whether the user's `report_run` calls the run a success. Raises what it raises."""
        verdict = self.report_run(results=list(reports), verbose=verbose, jsonl=jsonl)
        return bool(await verdict if inspect.isawaitable(verdict) else verdict)
