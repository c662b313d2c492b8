"""A report as Markdown, for a comment on a pull request or the summary of a run of GitHub Actions."""

from collections.abc import Iterator, Sequence
from typing import Final

from spanscore.evals.reporters._section import Section
from spanscore.evals.reporters._text import percent, shortened
from spanscore.wire.regressions import Regression

MARKER: Final = "<!-- spanscore -->"
"""The first line, by which a workflow finds its comment again."""

_VALUE_LENGTH: Final = 200
_ESCAPES: Final = {ord(each): f"\\{each}" for each in "\\`*_[]|~#"} | {
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord("&"): "&amp;",
    ord("@"): "@\N{ZERO WIDTH SPACE}",
    ord("\n"): " ",
}
"""What would be markup, or mention somebody."""


def markdown(sections: Sequence[Section]) -> str:
    """The experiments with their tables; regressions and failures are folded away."""
    parts = [MARKER, *(part for section in sections for part in _parts(section))]
    return "\n\n".join(parts) + "\n"


def _parts(section: Section) -> Iterator[str]:
    account = section.account
    head, _, facts = account.headline.partition(": ")
    yield f"### {'✅' if section.is_fine else '❌'} {_escaped(head)}"
    yield _escaped(facts)
    if section.unmet:
        yield "\n".join(f"- **gate not met:** {_escaped(reason)}" for reason in section.unmet)
    for table in account.tables:
        yield _table([[_escaped(cell) for cell in row] for row in table], rule="--:")
    if account.notes:
        yield "\n".join(f"- {_escaped(note)}" for note in account.notes)
    if account.regressions:
        yield _folded("The inputs that got worse most", _regressions(account.regressions))
    if account.failures:
        lines = [f"- {_escaped(failure.splitlines()[0])}" for failure in account.failures]
        if account.failures_left_out:
            lines.append(f"- and {account.failures_left_out} failures more")
        yield _folded("Failures", "\n".join(lines))
    if account.further:
        yield "\n".join(f"- {_escaped(line)}" for line in account.further)


def _regressions(regressions: Sequence[Regression]) -> str:
    rows = [["input", "expected", "before", "now", "scores", "trace"]]
    for each in regressions:
        now = shortened(each.output, _VALUE_LENGTH) if each.error is None else f"error: {each.error}"
        values = (each.input, each.expected, each.before_output)
        falls = (f"{name} {percent(old)} → {percent(new)}" for name, (old, new) in each.scores.items())
        texts = [*(shortened(value, _VALUE_LENGTH) for value in values), now, ", ".join(falls)]
        rows.append([*map(_escaped, texts), f"`{each.trace_id}`"])
    return _table(rows)


def _table(rows: Sequence[Sequence[str]], *, rule: str = "---") -> str:
    """A table; `rule` says how all columns but the first are aligned."""
    header, *body = rows
    ruler = ["---"] + [rule] * (len(header) - 1)
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, ruler, *body])


def _folded(title: str, text: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{text}\n\n</details>"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
