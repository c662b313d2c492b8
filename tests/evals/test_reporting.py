"""Who shows an eval, and to whom it is reported."""

from typing import Any

import pytest

from spanscore.errors import ConfigError
from spanscore.evals import EvalSession, Look, PlainDisplay, ReporterDef, SilentDisplay, plan_reporting
from spanscore.evals.reporters import ProgressOnly
from told_evals import RESULT

pytestmark = pytest.mark.core

BACKEND: Any = None


def reporter(told: list[Any]) -> ReporterDef:
    async def report_eval(**arguments: Any) -> None:
        told.append(arguments)

    return ReporterDef(name="mine", report_eval=report_eval, report_run=all)


async def test_in_a_program_a_reporter_is_told_at_once_and_the_figures_are_not_printed() -> None:
    told: list[Any] = []
    reporting = plan_reporting(reporter(told), None, quiet=False, backend=BACKEND)
    assert isinstance(reporting.display, ProgressOnly)
    await reporting.end("evaluator", RESULT)
    assert told == [{"evaluator": "evaluator", "result": RESULT, "verbose": True, "jsonl": False}]


async def test_without_a_reporter_the_display_shows_it() -> None:
    assert isinstance(plan_reporting(None, None, quiet=False, backend=BACKEND).display, PlainDisplay)
    assert isinstance(plan_reporting(None, None, quiet=True, backend=BACKEND).display, SilentDisplay)


async def test_a_display_may_be_given_itself() -> None:
    display = SilentDisplay()
    reporting = plan_reporting(display, None, quiet=False, backend=BACKEND)
    assert (reporting.display, reporting.reporter) == (display, None)


async def test_a_session_collects_and_reports_later() -> None:
    told: list[Any] = []
    session = EvalSession(look=Look(quiet=True))
    mine = reporter(told)
    reporting = plan_reporting(mine, session, quiet=False, backend=BACKEND)
    await reporting.end("evaluator", RESULT)
    shown = plan_reporting(None, session, quiet=False, backend=BACKEND)
    await shown.end("another", RESULT)
    assert told == []
    assert [(each.evaluator, each.reporter, each.is_shown) for each in session.ended] == [
        ("evaluator", mine, False),
        ("another", None, True),
    ]


async def test_figures_wait_for_a_reporter_that_is_expected_or_there() -> None:
    for session in (EvalSession(expects_reporters=True), EvalSession()):
        session.define(reporter([]))
        assert isinstance(plan_reporting(None, session, quiet=False, backend=BACKEND).display, ProgressOnly)


async def test_an_unclear_reporter_is_an_error_before_the_first_case() -> None:
    with pytest.raises(ConfigError, match="only `spanscore eval` knows names"):
        plan_reporting("mine", None, quiet=False, backend=BACKEND)
    odd: Any = 5
    with pytest.raises(ConfigError, match="reporter is 5; give a Reporter, or the name of one"):
        plan_reporting(odd, None, quiet=False, backend=BACKEND)
    session = EvalSession()
    for name in ("first", "second"):
        session.define(ReporterDef(name=name, report_eval=print, report_run=all))
    with pytest.raises(ConfigError, match=r"several reporters are defined \('first', 'second'\)"):
        plan_reporting(None, session, quiet=False, backend=BACKEND)
    assert plan_reporting("second", session, quiet=False, backend=BACKEND).reporter == "second"
