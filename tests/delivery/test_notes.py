"""What a process writes down besides its losses."""

from pathlib import Path

import pytest

from finished_spans import finished
from shelf import spool_in
from spanscore._json import to_json
from spanscore.delivery._notes import ERRORS, REDACTED, Notes
from spanscore.delivery._redaction import Redactor
from spanscore.tracing import guard

pytestmark = pytest.mark.core
SECRET = "sk-" + "proj-" + "a1B2c3D4" * 8


def test_errors_of_ours_and_what_was_taken_out_are_counted_once(tmp_path: Path) -> None:
    redactor = Redactor()
    notes = Notes(spool := spool_in(tmp_path), redactor)
    notes.write()
    before = spool.ledger.totals()
    guard.report("something of ours", ValueError())
    to_json({"password": "x", "a": {"api_key": "y"}})
    redactor.record(finished({"note": SECRET}))
    notes.write()
    notes.write()
    after = spool.ledger.totals()
    assert after[ERRORS]["something of ours"] == before.get(ERRORS, {}).get("something of ours", 0) + 1
    assert after[REDACTED]["credential-named"] == 2
    assert sum(after[REDACTED].values()) == 3


def test_what_was_counted_before_belongs_to_others(tmp_path: Path) -> None:
    to_json({"password": "x"})
    notes = Notes(spool := spool_in(tmp_path), None)
    notes.write()
    assert REDACTED not in spool.ledger.totals()
