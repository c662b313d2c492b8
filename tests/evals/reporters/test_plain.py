import io
import threading
from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from spanscore.errors import NotFoundError
from spanscore.evals import ExperimentResult, PlainDisplay
from spanscore.wire.seams import Regressions
from told_evals import CASE, FAILED, PLAIN, REF, REGRESSION, RESULT, TRACE, Known, failing

pytestmark = pytest.mark.core


def shown(result: ExperimentResult, regressions: Regressions | None = None, *, verbose: bool = False) -> str:
    summary = io.StringIO()
    display = PlainDisplay(progress=io.StringIO(), summary=summary, regressions=regressions, verbose=verbose)
    display.show(result)
    return summary.getvalue()


def test_the_figures_are_lines_in_columns() -> None:
    assert shown(PLAIN) == (
        "bot/main-2: 8 cases, 1.2 s\n"
        "  score     mean  95 % interval  scored\n"
        "  exact  62.50 %    ± 1.25 s.e.       8\n"
        "  metric       mean    total\n"
        "  duration  0.123 s  0.987 s\n"
        "see spanscore experiments show bot/main-2\n"
    )


def test_everything_that_can_be_told() -> None:
    known = Known(REGRESSION, FAILED)

    assert shown(failing(RESULT), known) == snapshot("""\
bot/main-2: 8 cases, 1 errored, 1 scorer error, 1.2 s, compared with main-1
  score     mean   95 % interval  of scored         pass@k         pass^k  scored  skipped  errored
  exact  62.50 %  30.57 to 86.32             75.00 % (k=2)  50.00 % (k=2)       8
  judge  50.00 %    ± 10.00 s.e.    66.67 %                                     6        1        1
  compared   before      now  difference    95 % interval  p (Holm)      verdict  better  worse  same
  exact     87.50 %  62.50 %      -25.00  -45.00 to -5.00     0.020        worse       0      2     6
  judge     49.00 %  50.00 %       +1.00      ± 2.00 s.e.     0.610  no evidence       2      1     0
  metric       mean    total  baseline  difference   95 % interval  p (Holm)
  duration  0.123 s  0.987 s   0.100 s   +0.0234 s  0.003 to 0.044   < 0.001
  classifier  label  cases
  tone         kind      6
  tone         rude      2
  a partial run: first 8
  7 inputs are in both experiments, 1 in this one alone, 0 in the baseline alone
  judge: this comparison could have shown a difference of 6.10 points
  worse: exact 100.00 % -> 0.00 %, judge 75.00 % -> 50.00 %
    input     Ada
    expected  Hi Ada
    before    Hi Ada
    now       Dear Ada
    look at   spanscore trace abababab
  worse: exact 100.00 % -> 0.00 %
    input     {"name":"Bob"}
    expected  Hi Ada
    before    Hi Ada
    now       error: ValueError: boom
    look at   spanscore trace abababab
  failed task: ValueError: [0] (input 1)
see spanscore experiments show bot/main-2
the largest changes: spanscore experiments compare bot/main-2
""")
    assert known.asked == [("e2", "e1", 5)]


def test_the_first_failures_are_named() -> None:
    lines = shown(failing(PLAIN, 12)).splitlines()
    assert lines[5:-1] == [
        *(f"  failed task: ValueError: [{number}] (input 1)" for number in range(10)),
        "  and 2 failures more",
    ]


def test_verbose_failures_have_their_tracebacks() -> None:
    lines = shown(failing(PLAIN), verbose=True).splitlines()
    assert lines[5:-1] == ["  failed task:", "    ValueError: [0]"]


def test_a_store_that_cannot_tell_does_not_harm_the_figures() -> None:
    class Lost:
        def regressions(self, experiment_id: str, baseline_id: str, *, limit: int) -> list[object]:
            raise NotFoundError("there is no experiment e1")

    lines = shown(RESULT, Lost()).splitlines()  # type: ignore[arg-type]
    assert "  the inputs that got worse cannot be told: there is no experiment e1" in lines


class Waiting(io.StringIO):
    """A stream that says when a text has been written to it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.wanted = text
        self.was_written = threading.Event()

    def write(self, text: str) -> int:
        written = super().write(text)
        if self.wanted in self.getvalue():
            self.was_written.set()
        return written


def test_progress_is_a_line_at_the_start_and_one_from_time_to_time() -> None:
    progress = Waiting("2 of 50 cases finished, 1 failed, $0.0050")
    display = PlainDisplay(progress=progress, summary=io.StringIO(), every_s=0.01)
    with display.watch(REF, 50) as told:
        told(CASE)
        told(replace(CASE, error=ValueError("boom")))
        assert progress.was_written.wait(timeout=30)
    assert progress.getvalue().startswith("running bot/main-2: 50 cases\n")


def test_progress_does_not_say_of_how_many_if_nobody_knows() -> None:
    progress = io.StringIO()
    with PlainDisplay(progress=progress, summary=io.StringIO()).watch(REF, None):
        pass
    assert progress.getvalue() == "running bot/main-2\n"


def test_a_regression_says_where_to_look() -> None:
    assert f"spanscore trace {TRACE}" in shown(RESULT, Known(REGRESSION))


class Mute(Exception):
    def __str__(self) -> str:
        raise RuntimeError("nothing to say")


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("error", [ValueError("\x1b[31m\x00\ud800 ä\u2028"), Mute()], ids=["odd", "mute"])
def test_what_a_failure_says_neither_steers_nor_breaks_the_output(error: Exception, verbose: bool) -> None:
    failed = replace(RESULT, errors=(replace(failing(RESULT).errors[0], error=error),), error_count=1)
    written = io.BytesIO()
    with io.TextIOWrapper(written, "ascii") as summary:
        PlainDisplay(progress=io.StringIO(), summary=summary, verbose=verbose).show(failed)
        text = written.getvalue().decode()
    assert f"failed task: {type(error).__name__}" in text or f"{type(error).__name__}: " in text
    assert "\x1b" not in text
    assert "\x00" not in text
