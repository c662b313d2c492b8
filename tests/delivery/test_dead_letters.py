"""Dead letters: what no destination takes can be read by people."""

from pathlib import Path

import pytest
from opentelemetry.sdk.trace import Event
from opentelemetry.trace import Link, SpanContext

from finished_spans import START_NS, failed, finished
from shelf import update
from spanscore._json import JsonText
from spanscore.delivery import _dead_letters as module
from spanscore.delivery._dead_letters import DeadLetters

pytestmark = pytest.mark.core


def test_span_is_written_with_all_that_it_says(tmp_path: Path) -> None:
    letters = DeadLetters(tmp_path)
    span = finished(
        {"text": "é", "json": JsonText('{"a":1}'), "bytes": b"\xff"},
        name="n",
        span_id=2,
        above=1,
        status=failed(),
        events=[Event("e", {"k": 1}, 5)],
    )
    span._links = (Link(SpanContext(3, 4, is_remote=False)),)  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
    letters.add("a", "ValueError: no", span)
    (letter,) = letters
    assert (letter["destination"], letter["reason"], letter["at"] > START_NS) == ("a", "ValueError: no", True)
    assert letter["span"] == {
        "name": "n",
        "context": ["0" * 31 + "1", "0" * 15 + "2"],
        "parent_id": "0" * 15 + "1",
        "kind": "INTERNAL",
        "start_ns": START_NS,
        "end_ns": START_NS + 1_000_000_000,
        "status": ["ERROR", "boom"],
        "attributes": {
            "braintrust.parent": "project_name:support bot",
            "text": "é",
            "json": '{"a":1}',
            "bytes": letter["span"]["attributes"]["bytes"],
        },
        "events": [["e", 5, {"k": 1}]],
        "links": [["0" * 31 + "3", "0" * 15 + "4"]],
        "resource": {"telemetry.sdk.version": "1.45.2"},
        "scope": "test.scope",
    }


def test_update_is_written_with_its_fields(tmp_path: Path) -> None:
    letters = DeadLetters(tmp_path)
    letters.add("a", "no", update(5, 2))
    (letter,) = letters
    assert letter["update"] == {
        "parent": "project_name:p",
        "trace_id": "0" * 31 + "1",
        "span_id": "0" * 15 + "5",
        "fields": {"output": "xx"},
    }


def test_large_record_is_whole(tmp_path: Path) -> None:
    letters = DeadLetters(tmp_path)
    letters.add("a", "no", finished({"x": "x" * (3 << 20)}))
    (letter,) = letters
    assert len(letter["span"]["attributes"]["x"]) == 3 << 20


def test_files_do_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_BYTES", 1000)
    letters = DeadLetters(tmp_path)
    for number in range(100):
        letters.add("a", str(number), update(number))
    kept = [int(letter["reason"]) for letter in letters]
    assert kept == list(range(kept[0], 100))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 3000


def test_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("in the way")
    with pytest.raises(OSError, match="spool"):
        DeadLetters(tmp_path / "spool").add("a", "no", update(1))
