"""The files that `spanscore eval` writes."""

import argparse
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from finished_spans import CaseSpans
from spanscore.cli._eval_reports import check_reports, write_reports
from spanscore.errors import ConfigError
from spanscore.evals import EndedEval, ExperimentResult
from spanscore.store import SqliteStore
from spanscore.wire.seams import ExperimentRequest
from told_evals import CASE, PLAIN, REGRESSION, RESULT, Known

pytestmark = pytest.mark.core


@pytest.fixture(autouse=True)
def not_in_github_actions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


def asked(**files: Path) -> argparse.Namespace:
    return argparse.Namespace(**{"junit": None, "markdown": None, "html": None, **files})


def ended(result: ExperimentResult, backend: Any = None) -> EndedEval:
    evaluator: Any = SimpleNamespace(eval_name="bot")
    return EndedEval(evaluator=evaluator, result=result, backend=backend)


def test_nothing_is_asked_where_nothing_is_written() -> None:
    known = Known(REGRESSION)
    write_reports(asked(), [ended(RESULT, known)], [[]])
    assert known.asked == []


def test_regressions_are_asked_for_once_and_folders_are_made(tmp_path: Path) -> None:
    known = Known(REGRESSION)
    files = {"html": tmp_path / "out" / "a.html", "markdown": tmp_path / "a.md", "junit": tmp_path / "a.xml"}
    write_reports(asked(**files), [ended(replace(RESULT, results=(CASE,) * 8), known)], [["too low"]])
    assert known.asked == [("e2", "e1", 200)]
    assert "too low" in files["markdown"].read_text()
    assert files["junit"].read_text().count("<testcase") == 9
    assert "<del>" in files["html"].read_text()


def test_cases_that_are_not_at_hand_are_read_from_the_store(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "spanscore.db")
    ref = store.register_experiment(ExperimentRequest(project="p"))
    spans = CaseSpans(ref.id)
    store.deliver([span for name in ("Ada", "Bob") for span in spans.case(name, {"exact": 1.0})])
    result = replace(PLAIN, summary=store.summarize_experiment(ref.id, baseline=None))

    write_reports(asked(junit=tmp_path / "a.xml"), [ended(result, store)], [[]])

    text = (tmp_path / "a.xml").read_text()
    assert ['name="1: Ada"' in text, 'name="2: Bob"' in text] == [True, True]


def test_the_summary_of_a_step_is_appended_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    write_reports(asked(), [ended(PLAIN)], [[]])
    assert summary.read_text().startswith("before\n<!-- spanscore -->\n\n### ✅ bot/main-2\n")


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        write_reports(asked(html=tmp_path), [ended(PLAIN)], [[]])


def test_a_file_that_could_not_be_written_is_refused_before_a_case_runs(tmp_path: Path) -> None:
    check_reports(asked(html=tmp_path / "new" / "deep" / "report.html", junit=Path("junit.xml")))
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ConfigError, match="cannot be written: it is a folder; name a file that can be"):
        check_reports(asked(html=tmp_path))
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="file is no folder that may be written to; name a file"):
        check_reports(asked(markdown=tmp_path / "file" / "report.md"))
