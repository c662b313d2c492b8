"""The file of what has arrived."""

import dataclasses
from pathlib import Path

import pytest

from finished_spans import finished
from spanscore.client._sent_rows import SentRows
from spanscore.store import ingest

pytestmark = pytest.mark.core


def test_what_has_arrived_outlives_the_process(tmp_path: Path) -> None:
    first, second = ingest(finished(span_id=1)), ingest(finished(span_id=2))
    path = tmp_path / "exports" / "e.jsonl"
    sent = SentRows(path)
    assert sent.experiment_id is None
    sent.begin("there")
    sent.add([first])
    again = SentRows(path)
    assert (again.experiment_id, again.has(first), again.has(second)) == ("there", True, False)


def test_a_row_that_has_changed_is_another(tmp_path: Path) -> None:
    row = dataclasses.replace(ingest(finished()), xact_id="1")
    sent = SentRows(tmp_path / "e.jsonl")
    sent.begin("there")
    sent.add([row])
    assert not sent.has(dataclasses.replace(row, xact_id="2"))


def test_a_line_that_was_cut_off_is_no_row(tmp_path: Path) -> None:
    row = ingest(finished())
    path = tmp_path / "e.jsonl"
    sent = SentRows(path)
    sent.begin("there")
    sent.add([row])
    path.write_text(path.read_text()[:-6])
    assert not SentRows(path).has(row)
    sent.begin("elsewhere")
    assert (SentRows(path).experiment_id, sent.has(row)) == ("elsewhere", False)
