"""Sending an experiment of the store, once and again."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from fake_braintrust import FakeBraintrust
from finished_spans import finished
from http_sink import Answer
from spanscore._json import to_json
from spanscore.client import Registration, RestClient
from spanscore.client.export import MOST_BYTES, MOST_ROWS, ExperimentExport, Exported
from spanscore.errors import RejectedError
from spanscore.store import SqliteStore
from spanscore.wire.attachments import Reference, key_of
from spanscore.wire.parent import Parent
from spanscore.wire.records import RowUpdate
from spanscore.wire.repo import RepoInfo
from spanscore.wire.seams import ExperimentRef, ExperimentRequest

pytestmark = pytest.mark.core

REQUEST = ExperimentRequest(
    project="bot",
    name="run",
    description="a run",
    metadata={"model": "m"},
    tags=["t"],
    repo_info=RepoInfo(commit="c"),
    dataset_id="d",
)


class Local:
    """A store with one experiment of some rows."""

    def __init__(self, home: Path, rows: int = 3) -> None:
        self.store = SqliteStore(home / "store.db")
        self.experiment: ExperimentRef = self.store.register_experiment(REQUEST)
        self.parent = f"experiment_id:{self.experiment.id}"
        self.uploaded: list[Reference] = []
        self.add(range(1, rows + 1))

    def add(self, numbers: Sequence[int]) -> None:
        spans = [
            finished({"braintrust.parent": self.parent, "braintrust.input": str(n)}, span_id=n)
            for n in numbers
        ]
        self.store.deliver(spans)

    def upload(self, references: Sequence[Reference]) -> int:
        self.uploaded += references
        return len(references)

    def send(self, client: RestClient, folder: Path) -> Exported:
        export = ExperimentExport(Registration(client), folder, upload=self.upload)
        rows = self.store.rows(Parent.parse(self.parent))
        return export.send(self.experiment, self.store.request_of(self.experiment.id), rows)


def test_it_is_registered_with_all_that_is_known_and_has_its_rows(
    server: FakeBraintrust, client: RestClient, tmp_path: Path
) -> None:
    server.organisations[0]["git_metadata"] = {"collect": "all"}
    local = Local(tmp_path)
    sent = local.send(client, tmp_path / "exports")
    (made,) = server.experiments
    assert (sent.experiment_id, sent.rows, sent.present) == (made["id"], 3, 0)
    told = {name: made[name] for name in ("name", "description", "metadata", "tags", "commit", "dataset_id")}
    assert told == {
        "name": "run",
        "description": "a run",
        "metadata": {"model": "m"},
        "tags": ["t"],
        "commit": "c",
        "dataset_id": "d",
    }
    rows = list(server.rows[made["id"]].values())
    assert [row["input"] for row in rows] == ["1", "2", "3"]
    assert rows[0].keys().isdisjoint({"project_id", "experiment_id", "is_root", "output"})


def test_sending_it_again_sends_what_is_new_or_has_changed(
    server: FakeBraintrust, client: RestClient, tmp_path: Path
) -> None:
    local = Local(tmp_path)
    first = local.send(client, tmp_path / "exports")
    local.add([4])
    update = RowUpdate(parent=local.parent, trace_id=0, span_id=1, fields={"scores": to_json({"good": 1})})
    local.store.deliver([update])
    again = local.send(client, tmp_path / "exports")
    assert (again.experiment_id, again.rows, again.present) == (first.experiment_id, 2, 2)
    assert len(server.experiments) == 1
    assert len(server.rows[first.experiment_id]) == 4
    assert server.rows[first.experiment_id]["0000000000000001"]["scores"] == {"good": 1}
    assert local.send(client, tmp_path / "exports").rows == 0


def test_what_fails_in_the_middle_goes_on_from_there(
    server: FakeBraintrust, client: RestClient, tmp_path: Path
) -> None:
    local = Local(tmp_path, rows=MOST_ROWS + 50)
    inserts: list[int] = []

    def refuse_the_second(request: object) -> Answer | None:
        path, body = getattr(request, "path", ""), getattr(request, "body", b"")
        if path.endswith("/insert"):
            inserts.append(len(json.loads(body)["events"]))
            if len(inserts) == 2:
                return Answer(status=400, body=b"no")
        return None

    server.before = refuse_the_second
    with pytest.raises(RejectedError):
        local.send(client, tmp_path / "exports")
    sent = local.send(client, tmp_path / "exports")
    assert inserts == [100, 50, 50]
    assert (sent.rows, sent.present, len(server.rows[sent.experiment_id])) == (50, 100, 150)


def test_one_that_was_registered_when_it_ran_is_added_to(
    server: FakeBraintrust, client: RestClient, tmp_path: Path
) -> None:
    local = Local(tmp_path)
    server.experiments.append({"id": local.experiment.id, "name": "run", "project_id": "p"})
    server.rows[local.experiment.id] = {}
    assert local.send(client, tmp_path / "exports").experiment_id == local.experiment.id
    assert len(server.experiments) == 1


def test_comments_and_what_rows_refer_to_go_along(
    server: FakeBraintrust, client: RestClient, tmp_path: Path
) -> None:
    local = Local(tmp_path, rows=1)
    key = key_of(b"\0" * 32)
    reference = {
        "type": "braintrust_attachment",
        "filename": "a.png",
        "content_type": "image/png",
        "key": key,
    }
    comment = {"id": "c1", "comment": {"text": "nice"}}
    fields = {"output": to_json(reference), "comments": to_json([comment])}
    local.store.deliver([RowUpdate(parent=local.parent, trace_id=0, span_id=1, fields=fields)])
    sent = local.send(client, tmp_path / "exports")
    assert (sent.comments, sent.attachments, [each.key for each in local.uploaded]) == (1, 1, [key])
    about = {"origin": {"id": "0000000000000001"}, "experiment_id": sent.experiment_id}
    assert server.merged == [{**comment, **about}]
    assert "comments" not in server.rows[sent.experiment_id]["0000000000000001"]


def test_rows_that_are_too_large_together_go_by_themselves_and_one_that_is_alone_is_left_out(
    server: FakeBraintrust, client: RestClient, tmp_path: Path
) -> None:
    local = Local(tmp_path, rows=9)
    text = "\u65e5" * 3000
    local.store.deliver(
        [
            finished({"braintrust.parent": local.parent, "braintrust.input": value}, span_id=number)
            for number, value in ((10, text), (11, text * 4))
        ]
    )
    given = server.before
    server.before = lambda request: Answer(status=413) if len(request.body) > 12_000 else given(request)
    sent = local.send(client, tmp_path / "exports")
    assert (sent.rows, sent.too_large, len(server.rows[sent.experiment_id])) == (10, 1, 10)
    again = local.send(client, tmp_path / "exports")
    assert (again.rows, again.present, again.too_large) == (0, 10, 1)


def test_a_request_is_measured_in_bytes(server: FakeBraintrust, client: RestClient, tmp_path: Path) -> None:
    local = Local(tmp_path, rows=0)
    text = "\u65e5" * (MOST_BYTES // 8)
    local.store.deliver(
        [
            finished({"braintrust.parent": local.parent, "braintrust.input": text}, span_id=number)
            for number in (1, 2, 3, 4)
        ]
    )
    sent = local.send(client, tmp_path / "exports")
    inserted = [len(each.body) for each in server.requests if each.path.endswith("/insert")]
    assert (sent.rows, len(inserted), max(inserted) <= MOST_BYTES + 100) == (4, 2, True)
