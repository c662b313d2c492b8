"""Each record takes the way of its container."""

from collections.abc import Sequence
from time import monotonic

import pytest

from finished_spans import finished
from spanscore._json import to_json
from spanscore.delivery import Outbox
from spanscore.delivery._routing import Routing, close_all, flush_all
from spanscore.errors import RetryLaterError
from spanscore.testing import RecordedRecords
from spanscore.wire.records import Record, RowUpdate
from spanscore.wire.seams import Receipt

pytestmark = pytest.mark.core


class Kept:
    """A destination that keeps what it is given, unless it is down."""

    def __init__(self, identity: str, *, is_down: bool = False) -> None:
        self.identity = identity
        self.names: list[str] = []
        self._is_down = is_down

    def deliver(self, records: Sequence[Record]) -> Receipt:
        if self._is_down:
            raise RetryLaterError("down")
        self.names += ["update" if isinstance(each, RowUpdate) else each.name for each in records]
        return Receipt()

    def close(self) -> None:
        """Nothing is open."""


def update(parent: str) -> RowUpdate:
    return RowUpdate(parent=parent, trace_id=1, span_id=1, fields={"tags": to_json(["a"])})


def test_records_go_where_their_container_is_led_and_all_others_to_the_default() -> None:
    ours, theirs = Kept("ours"), Kept("theirs")
    outboxes = Outbox([ours]), Outbox([theirs])
    ways: dict[str, Outbox] = {}
    routing = Routing(outboxes[0], ways)
    ways["project_id:theirs"] = outboxes[1]
    routing.put(finished(name="ours", parent="project_id:ours"))
    routing.put(finished(name="theirs", parent="project_id:theirs", span_id=2))
    routing.put(finished(name="nobody's", parent="", span_id=3))
    routing.put(update("project_id:theirs"))
    routing.put(update("project_id:ours"))
    flushed = routing.flush(30)
    assert (flushed.delivered, flushed.waiting) == (5, 0)
    assert (ours.names, theirs.names) == (["ours", "nobody's", "update"], ["theirs", "update"])
    assert {name: each.delivered for name, each in flushed.destinations.items()} == {"ours": 3, "theirs": 2}
    assert routing.identities == outboxes[0].identities == {"ours"}
    close_all(outboxes)


def test_it_takes_the_place_of_outboxes_and_of_nothing_else() -> None:
    kept = Kept("ours"), Kept("theirs"), Kept("before")
    ours, theirs, before = (Outbox([each]) for each in kept)
    routing = Routing(ours, {"project_id:theirs": theirs})
    assert routing.instead_of(ours) is routing
    assert routing.instead_of(routing) is routing
    records = RecordedRecords()
    assert routing.instead_of(records) is records
    also = routing.instead_of(before)
    also.put(finished(name="theirs", parent="project_id:theirs"))
    also.put(finished(name="before", span_id=2))
    assert also.flush(30)
    assert [each.names for each in kept] == [[], ["theirs"], ["before"]]
    close_all((ours, theirs, before))


def test_one_that_is_down_takes_the_time_of_nobody_else() -> None:
    up, down = Kept("up"), Kept("down", is_down=True)
    outboxes = Outbox([down]), Outbox([up])
    for number, outbox in enumerate(outboxes):
        outbox.put(finished(span_id=number + 1))
    assert flush_all(outboxes, 0.5).destinations["up"].waiting == 0
    begun = monotonic()
    close_all(outboxes, 0.3)
    assert monotonic() - begun < 10
    assert up.names != []
    assert down.names == []
