import io
from dataclasses import replace

import pytest
from inline_snapshot import snapshot
from rich.console import Console

from spanscore.evals import ExperimentResult
from spanscore.evals.reporters._terminal import TerminalDisplay
from told_evals import CASE, FAILED, PLAIN, REF, REGRESSION, RESULT, Known, failing

pytestmark = pytest.mark.core


def console(width: int = 150) -> Console:
    return Console(file=io.StringIO(), force_terminal=False, width=width)


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def shown(result: ExperimentResult, *known: Known) -> str:
    out = console()
    TerminalDisplay(out, console(), regressions=known[0] if known else None).show(result)
    return "\n".join(line.rstrip() for line in written(out).splitlines())


def test_the_figures_are_a_table() -> None:
    assert shown(PLAIN) == snapshot("""\
bot/main-2: 8 cases, 1.2 s
score     mean  95 % interval  scored
exact  62.50 %    ± 1.25 s.e.       8
metric       mean    total
duration  0.123 s  0.987 s
see spanscore experiments show bot/main-2\
""")


def test_everything_that_can_be_told() -> None:
    assert shown(failing(RESULT), Known(REGRESSION, FAILED)) == snapshot("""\
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

got worse: input  expected  before  now                      scores                   trace
Ada               Hi Ada    Hi Ada  Dear Ada                 exact 100.00 % → 0.00 %  abababab
                                                             judge 75.00 % → 50.00 %
{"name":"Bob"}    Hi Ada    Hi Ada  error: ValueError: boom  exact 100.00 % → 0.00 %  abababab

failed task: ValueError: [0] (input 1)
see spanscore experiments show bot/main-2
the largest changes: spanscore experiments compare bot/main-2\
""")


def test_no_figure_is_cut_off_in_a_narrow_terminal() -> None:
    narrow, wide = console(80), console()
    for out in (narrow, wide):
        TerminalDisplay(out, console()).show(RESULT)
    words = written(narrow).replace(",", " ").replace(":", " ").split()
    wanted = [word for row in written(wide).splitlines() for word in row.replace(":", " ").split()]
    assert {word.rstrip(",") for word in wanted} <= set(words)
    assert "compared exact: before 87.50 %, now 62.50 %, difference -25.00," in written(narrow)


def test_no_name_is_taken_for_markup() -> None:
    named = replace(PLAIN, summary=replace(PLAIN.summary, experiment="main[red]"))
    assert shown(named).splitlines()[0] == "bot/main[red]: 8 cases, 1.2 s"


def test_the_first_failures_are_named() -> None:
    assert shown(failing(PLAIN, 11)).splitlines()[-12:-1] == [
        *(f"failed task: ValueError: [{number}] (input 1)" for number in range(10)),
        "and 1 failures more",
    ]


def test_the_bar_counts_cases_failures_and_cost() -> None:
    terminal = Console(file=io.StringIO(), force_terminal=True, width=120, color_system=None)
    with TerminalDisplay(console(), terminal).watch(REF, 3) as told:
        told(CASE)
        told(replace(CASE, error=ValueError("boom")))
        told(replace(CASE, scorer_errors={"judge": ValueError("bang")}))
    shown = written(terminal)
    assert "bot/main-2" in shown
    assert "3/3" in shown
    assert "2 failed, $0.0075" in shown
