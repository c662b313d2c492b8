"""A report as one HTML page that needs nothing beside itself."""

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from typing import IO, Any, Final

from spanscore._counted import counted
from spanscore.evals.reporters._case_report import CaseReport
from spanscore.evals.reporters._section import Section
from spanscore.evals.reporters._survey import Survey, survey
from spanscore.evals.reporters._svg import mean_chart, spread_chart
from spanscore.evals.reporters._text import full_text, percent
from spanscore.wire.regressions import Regression

MOST_CASES: Final = 1000
"""Cases of an experiment on the page: the worst."""

_VALUE_BYTES: Final = 4000
_CLASSES: Final = {"better": "better", "worse": "worse", "no evidence": "no-evidence"}


def write_html(file: IO[str], sections: Sequence[Section], *, most_cases: int = MOST_CASES) -> None:
    """Write the page; what is held at a time are the cases of one experiment that are shown."""
    file.write(_head(sections))
    for section in sections:
        for part in _section(section, most_cases):
            file.write(part)
    file.write(f"<script>{_resource('page.js')}</script>\n</body>\n</html>\n")


def _head(sections: Sequence[Section]) -> str:
    titles = ", ".join(section.title for section in sections) or "no evals"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(titles)}</title>\n<style>{_resource('page.css')}</style>\n</head>\n<body>\n"
    )


def _section(section: Section, most_cases: int) -> Iterator[str]:
    account = section.account
    found = survey(section.cases(), most=most_cases)
    state = "fine" if section.is_fine else "failed"
    yield f'<section class="{state}">\n<h1>{_text(section.title)}</h1>\n'
    yield f"<p>{_text(account.headline.partition(': ')[2])}</p>\n"
    yield from (f'<p class="gate">gate not met: {_text(reason)}</p>\n' for reason in section.unmet)
    yield _charts(section, found)
    for table in account.tables:
        yield _table(table)
    yield "".join(f'<p class="note">{_text(note)}</p>\n' for note in account.notes)
    yield from _cases(section, found)
    yield "".join(f"<p><code>{_text(line)}</code></p>\n" for line in account.further)
    yield "</section>\n"


def _charts(section: Section, found: Survey) -> str:
    charts = [
        f"<figure><figcaption>{_text(score.name)} <b>{percent(score.mean)}</b></figcaption>"
        f"{mean_chart(score)}{spread_chart(score.name, found.spread.get(score.name, ()))}</figure>\n"
        for score in section.result.summary.scores.values()
    ]
    return f'<div class="charts">\n{"".join(charts)}</div>\n'


def _table(table: Sequence[Sequence[str]]) -> str:
    header, *body = table
    head = "".join(f"<th>{_text(cell)}</th>" for cell in header)
    rows = "".join(f"<tr>{''.join(map(_figure, row))}</tr>\n" for row in body)
    return f'<table class="figures"><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table>\n'


def _figure(cell: str) -> str:
    return f'<td class="{_CLASSES.get(cell, "")}">{_text(cell)}</td>'


def _cases(section: Section, found: Survey) -> Iterator[str]:
    """The table of cases, row by row, with what filters it."""
    scores = section.result.summary.scores.values()
    names = [score.name for score in scores if not score.is_whole]
    columns = ["#", "input", "expected", "output", *names, "seconds", "trace"]
    left_out = f" ({found.left_out} better ones are left out)" if found.left_out else ""
    yield (
        f"<h2>{counted(len(found.worst), 'case')}, the worst first{left_out}</h2>\n"
        '<p class="filter"><input type="search" placeholder="only cases with this text">\n'
        '<label><input type="checkbox" value="failed"> failed</label>\n'
        '<label><input type="checkbox" value="fell"> got worse</label> <output></output></p>\n'
        '<table class="cases"><thead><tr>'
        + "".join(f"<th>{_text(column)}</th>" for column in columns)
        + "</tr></thead><tbody>\n"
    )
    for number, case in found.worst:
        yield _row(number, case, section.worse.get(case.trace_id), names)
    yield "</tbody></table>\n"


def _row(number: int, case: CaseReport, worse: Regression | None, names: Sequence[str]) -> str:
    marks = (["failed"] if case.is_failed else []) + (["fell"] if worse is not None else [])
    cells = [
        f'<td class="number">{number}{f" · {case.trial_index}" if case.trial_index else ""}</td>',
        _value(case.input),
        _value(case.expected),
        f"<td>{_output(case, worse)}</td>",
        *(_score(name, case, worse) for name in names),
        f'<td class="number">{case.duration_s:.3f}</td>',
        f'<td><code title="spanscore trace {_text(case.trace_id)}">{_text(case.trace_id[:8])}</code></td>',
    ]
    return f'<tr class="{" ".join(marks)}">{"".join(cells)}</tr>\n'


def _output(case: CaseReport, worse: Regression | None) -> str:
    errors = {} if case.error is None else {"task": case.error}
    told = "".join(
        f'<div class="error">{_text(where)}: {_text(said)}</div>'
        for where, said in {**errors, **case.scorer_errors}.items()
    )
    before = "" if worse is None else f"<del>{_shown(worse.before_output)}</del>"
    now = "" if case.error is not None else f"<div>{_shown(case.output)}</div>"
    return before + now + told


def _score(name: str, case: CaseReport, worse: Regression | None) -> str:
    score = case.scores.get(name)
    before = worse.scores.get(name) if worse is not None else None
    shown = "" if score is None else f"{100 * score:.4g}"
    was = "" if before is None else f"<del>{100 * before[0]:.4g}</del> "
    shade = "" if score is None else f' style="--share:{min(1.0, max(0.0, score)):.3f}"'
    return f'<td class="score"{shade} data-value="{-1 if score is None else score}">{was}{shown}</td>'


def _value(value: Any) -> str:
    return f"<td>{_shown(value)}</td>"


def _shown(value: Any) -> str:
    return f"<pre>{escape(full_text(value, _VALUE_BYTES))}</pre>" if value is not None else ""


def _text(text: str) -> str:
    return escape(full_text(text, _VALUE_BYTES))


def _resource(name: str) -> str:
    return (files("spanscore.evals.reporters") / name).read_text(encoding="utf-8")
