import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from spanscore.evals.reporters._html import write_html
from spanscore.evals.reporters._section import Section
from spanscore.wire.summaries import ScoreSummary, by_name
from told_evals import CASES, PLAIN, RESULT, failing, section

pytestmark = pytest.mark.core

_VOID = {"meta", "input"}


class Page(HTMLParser):
    """The elements of a page, checked for balance, with the text of each table's rows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.counts: dict[str, int] = {}
        self.links: list[str] = []
        self.rows: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.counts[tag] = self.counts.get(tag, 0) + 1
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag == "tr":
            self.rows.append("")
        if tag not in _VOID and not tag.startswith(("line", "circle", "rect")):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not tag.startswith(("line", "circle", "rect")):
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "tr" in self.open:
            self.rows[-1] += f"{data} "


def written(*sections: Section) -> str:
    file = io.StringIO()
    write_html(file, sections)
    return file.getvalue()


def test_the_page_is_whole_and_needs_nothing_beside_itself() -> None:
    text = written(section(failing(RESULT), "exact is 0.6, which is < 0.9"), section(PLAIN))
    page = Page(text)
    assert page.open == []
    assert (page.counts["section"], page.counts["script"], page.counts["style"]) == (2, 1, 1)
    assert page.links == []
    assert "http" not in re.sub(r"http://www\.w3\.org\S*", "", text)


def test_cases_are_rows_the_worst_first_with_what_changed() -> None:
    rows = [" ".join(row.split()) for row in Page(written(section(RESULT))).rows if row]
    start = rows.index("# input expected output exact judge seconds trace")
    assert rows[start + 1 :] == [
        '2 {"name":"Bob"} Hi Ada task: ValueError: boom & <bang> 0.125 ef',
        "3 Ada Hi Ada Hi Ada rude: ValueError: no 100 0.125 01",
        "1 · 1 Ada Hi Ada Hi Ada Dear Ada 100 0 75 50 0.125 abababab",
        "4 ]]> \N{REPLACEMENT CHARACTER}[1m | * `x` <script> Hi Ada Hi Ada 100 0.125 02",
    ]


def test_what_was_recorded_is_no_markup() -> None:
    assert "<script>" not in written(section(PLAIN)).partition("<tbody>")[2].rpartition("<script>")[0]


def test_more_cases_than_fit_are_counted() -> None:
    file = io.StringIO()
    write_html(file, [section(PLAIN, cases=[CASES[0]] * 5)], most_cases=2)
    assert "<h2>2 cases, the worst first (3 better ones are left out)</h2>" in file.getvalue()


def test_a_score_of_the_whole_experiment_is_no_column_of_cases() -> None:
    summary = replace(RESULT.summary, scores=by_name([ScoreSummary.of_whole("f1", 0.5)]))
    text = written(replace(section(RESULT), result=replace(RESULT, summary=summary)))
    cases = text.partition('<table class="cases">')[2]
    assert "f1 <b>50.00 %</b>" in text
    assert "<th>f1</th>" not in cases
    assert "<th>output</th><th>seconds</th>" in cases
