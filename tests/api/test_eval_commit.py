"""An eval whose spans are not all stored is no success."""

import pytest

from spanscore import start_span
from spanscore.api._eval_commit import commit_to
from spanscore.api._recording import ensure_recording

pytestmark = pytest.mark.core


def test_it_returns_when_everything_is_stored() -> None:
    connection = ensure_recording()
    commit = commit_to(connection)
    start_span("a").end()
    commit()
    assert connection.outbox.flush(0).waiting == 0
