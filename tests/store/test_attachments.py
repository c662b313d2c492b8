"""The bytes that rows refer to: beside the store as long as a row refers to them."""

import json
import logging
import os
from pathlib import Path
from typing import Any

import pytest

from finished_spans import PROJECT, SECOND_NS, START_NS, finished
from media import JPEG, PNG, key, reference
from spanscore._json import to_json
from spanscore.attachments import AttachmentFolder
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent
from spanscore.wire.records import RowUpdate
from spanscore.wire.seams import ExperimentRequest

pytestmark = pytest.mark.core

LOGS = Parent.parse(PROJECT)


class Place:
    """A store with a folder in which bytes wait."""

    def __init__(self, home: Path) -> None:
        waiting = home / "spool" / "attachments"
        self.waiting = AttachmentFolder(waiting, max_bytes=1 << 30, max_age_s=600)
        self.store = SqliteStore(home / "spanscore.db", attachments=waiting)
        self.folder = home / "attachments"

    def stored(self) -> dict[str, bytes]:
        files = [path for path in self.folder.rglob("*") if path.is_file()] if self.folder.exists() else []
        assert all(path.parent.name == path.name[:2] for path in files)
        return {path.name: path.read_bytes() for path in files}

    def deliver(self, *contents: bytes, span_id: int = 1, trace_id: int = 1, **more: Any) -> None:
        for content in contents:
            self.waiting.put(content)
        value = to_json([reference(content, "image/png", "a.png") for content in contents])
        self.store.deliver(
            [finished({"braintrust.input_json": value}, span_id=span_id, trace_id=trace_id, **more)]
        )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "home")


def test_the_bytes_are_beside_the_store_and_the_row_has_the_reference(place: Place) -> None:
    place.deliver(PNG, JPEG)
    assert place.stored() == {key(PNG): PNG, key(JPEG): JPEG}
    (row,) = place.store.rows(LOGS)
    assert row.input == [reference(content, "image/png", "a.png") for content in (PNG, JPEG)]


def test_they_do_not_lie_there_twice(place: Place) -> None:
    place.deliver(PNG)
    path = place.folder / key(PNG)[:2] / key(PNG)
    assert path.samefile(place.waiting.folder / key(PNG))
    before = path.stat().st_ino
    place.deliver(PNG, span_id=2)
    assert path.stat().st_ino == before


def test_bytes_go_with_the_last_row_that_refers_to_them(place: Place) -> None:
    place.deliver(PNG, JPEG, span_id=1)
    place.deliver(PNG, span_id=2)
    place.store.delete_rows(LOGS, [f"{1:016x}"])
    assert place.stored() == {key(PNG): PNG}
    place.store.delete_rows(LOGS, [f"{2:016x}"])
    assert place.stored() == {}
    assert list(place.folder.iterdir()) == []


def test_old_logs_take_theirs_along(place: Place) -> None:
    place.deliver(PNG, trace_id=1, start_s=0, end_s=1)
    place.deliver(JPEG, trace_id=2, start_s=10, end_s=11)
    assert place.store.prune(START_NS + 5 * SECOND_NS) == 1
    assert place.stored() == {key(JPEG): JPEG}


def test_an_experiment_takes_its_own_along(place: Place) -> None:
    experiment = place.store.register_experiment(ExperimentRequest(project="p", name="e"))
    place.deliver(PNG, parent=f"experiment_id:{experiment.id}")
    place.deliver(JPEG, trace_id=2)
    place.store.delete_experiment(experiment.id)
    assert place.stored() == {key(JPEG): JPEG}


def test_a_row_that_comes_again_or_is_changed_keeps_its_bytes(place: Place) -> None:
    place.deliver(PNG)
    place.deliver(PNG)
    place.waiting.put(JPEG)
    fields = {"output": to_json(reference(JPEG, "image/png", "b.png"))}
    place.store.deliver([RowUpdate(parent=PROJECT, trace_id=1, span_id=1, fields=fields)])
    place.store.delete_rows(LOGS, ["0" * 16])
    assert place.stored() == {key(PNG): PNG, key(JPEG): JPEG}


def test_bytes_that_are_not_here_came_from_elsewhere(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    value = to_json([reference(PNG, "image/png", "a.png")])
    place.store.deliver([finished({"braintrust.input_json": value})])
    assert place.stored() == {}
    assert caplog.text == ""


TRICKS = ["../../secret", "/etc/hostname", "..", key(PNG).upper(), f"{key(PNG)}/../../secret"]


@pytest.mark.parametrize("trick", TRICKS)
def test_what_is_no_key_touches_no_file(place: Place, tmp_path: Path, trick: str) -> None:
    (tmp_path / "secret").write_text("secret")
    place.waiting.put(PNG)
    value = {**reference(PNG, "image/png", "a.png"), "key": trick}
    place.store.deliver([finished({"braintrust.input_json": to_json([value])})])
    assert place.stored() == {}
    (row,) = place.store.rows(LOGS)
    assert row.input == [value]


def test_where_they_cannot_be_stored_the_row_is(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    place.folder.parent.mkdir(parents=True, exist_ok=True)
    place.folder.write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        place.deliver(PNG)
        place.deliver(PNG, span_id=2)
    assert len(list(place.store.rows(LOGS))) == 2
    assert caplog.text.count("the bytes of an attachment cannot be stored") == 1


def test_what_is_no_file_of_ours_is_left(place: Place) -> None:
    place.deliver(PNG)
    other = place.folder / "no" / "note.txt"
    other.parent.mkdir()
    other.write_text("not ours")
    place.store.delete_rows(LOGS, [f"{1:016x}"])
    assert [path.name for path in place.folder.rglob("*") if path.is_file()] == ["note.txt"]


def test_a_store_of_before_is_brought_forward(tmp_path: Path) -> None:
    path = tmp_path / "home" / "spanscore.db"
    older = SqliteStore(path, steps=SqliteStore(path)._known_steps()[:1])
    # Its rows are written by the library of then, which knew no attachments.
    older.projects()
    with older._writing() as connection:
        connection.execute("INSERT INTO projects VALUES ('p', 'support bot', 1)")
    older.close()
    place = Place(tmp_path / "home")
    place.deliver(PNG)
    assert place.stored() == {key(PNG): PNG}
    assert place.store.projects() == ["support bot"]


def test_a_file_is_for_its_owner_alone(place: Place) -> None:
    place.deliver(PNG)
    path = place.folder / key(PNG)[:2] / key(PNG)
    assert [oct(each.stat().st_mode & 0o777) for each in (path, path.parent)] == ["0o600", "0o700"]
    assert json.dumps(os.listdir(path.parent)) == json.dumps([key(PNG)])
