"""What ended processes have left, and who gets it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from finished_spans import finished
from spanscore._config import Settings
from spanscore._connect import drain, open_spool
from spanscore.delivery import Outbox, OutboxOptions
from spanscore.errors import RetryLaterError
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent
from spanscore.wire.records import Record
from spanscore.wire.seams import Receipt

pytestmark = pytest.mark.core


def test_drain_sends_what_dead_processes_have_left_and_only_to_whom_it_was_for(tmp_path: Path) -> None:
    settings = Settings.from_env(home=tmp_path)
    for identity in ("local", "otlp:http://127.0.0.1:1"):
        spool = open_spool(settings)
        segment = spool.create([identity], [identity])
        segment.close()
    outbox = Outbox([_Down("local")], OutboxOptions(spool=open_spool(settings)))
    outbox.put(finished(name="left"))
    outbox.close(0.3)
    flushed = drain(settings, timeout_s=30)
    assert (flushed.delivered, flushed.waiting) == (1, 0)
    store = SqliteStore(tmp_path / "spanscore.db")
    assert [row.name for row in store.rows(Parent.parse("project_name:support bot"))] == ["left"]
    assert len(open_spool(settings).paths()) == 1


def test_drain_of_nothing_makes_nothing(tmp_path: Path) -> None:
    flushed = drain(Settings.from_env(home=tmp_path / "home"), timeout_s=30)
    assert bool(flushed)
    assert not (tmp_path / "home").exists()


class _Down:
    """A destination that cannot be reached."""

    def __init__(self, identity: str) -> None:
        self.identity = identity

    def deliver(self, records: Sequence[Record]) -> Receipt:
        raise RetryLaterError("down")

    def close(self) -> None:
        """Nothing is open."""
