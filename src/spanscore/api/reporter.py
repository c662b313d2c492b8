"""The front door of custom reporters: `Reporter`."""

from spanscore.evals import ReporterDef, active_session
from spanscore.evals.reporters import ReportEval, ReportRun


def Reporter(name: str, report_eval: ReportEval, report_run: ReportRun) -> ReporterDef:  # noqa: N802 - the name its users know
    """A reporter: two functions of yours, sync or async, that are told what came of evals.

    `report_eval(evaluator, result, verbose, jsonl)` is told of one eval: `evaluator` has `eval_name`,
    `project_name`, `experiment_name`, `metadata` and more, `result` is what `Eval` returns, with `summary`
    and `results`. `report_run(results, verbose, jsonl)` gets what `report_eval` has returned for each eval,
    and says whether the run was a success; if not, `spanscore eval` ends with exit code 1. Arguments go by
    name. `verbose` and `jsonl` are those flags of the command.

    `spanscore eval` picks up every reporter that the eval files define. With one, it is used for all evals;
    with several, each eval names its own: `Eval(…, reporter="name")`. A program that calls `Eval` itself
    gives it the reporter; `report_run` is not called then.

    >>> from spanscore import Eval
    >>> def report_eval(evaluator, result, verbose, jsonl):
    ...     print(evaluator.eval_name, {name: score.mean for name, score in result.summary.scores.items()})
    >>> def exact(output, expected):
    ...     return output == expected
    >>> strict = Reporter("strict", report_eval, lambda results, verbose, jsonl: all(results))
    >>> result = Eval("greetings", [{"input": "Ada", "expected": "Hi Ada"}], lambda input: f"Hi {input}",
    ...               [exact], reporter=strict, quiet=True)
    greetings {'exact': 1.0}
    """
    reporter = ReporterDef(name=name, report_eval=report_eval, report_run=report_run)
    session = active_session()
    if session is not None:
        session.define(reporter)
    return reporter
