"""Requests for datasets, as they go over the wire."""

import json
from typing import Any

import pytest

from dataset_changes import delete, insert, merge
from fake_braintrust import FakeBraintrust
from fake_datasets import FIRST_XACT, FakeDatasets
from http_sink import Answer
from spanscore._json import to_json
from spanscore.client import RestClient, datasets
from spanscore.errors import NotFoundError, RejectedError
from spanscore.wire.datasets import DatasetChange, DatasetRequest

pytestmark = pytest.mark.core

NOW = "2026-05-05T00:00:00.000000Z"


def events(server: FakeBraintrust, dataset_id: str) -> list[dict[str, Any]]:
    return [
        event
        for request in server.asked(f"/v1/dataset/{dataset_id}/insert")
        for event in json.loads(request.body)["events"]
    ]


def test_a_dataset_is_made_once_and_read(server: FakeBraintrust, client: RestClient) -> None:
    FakeDatasets(server)
    request = DatasetRequest(project="unused", name="faq", description="d", metadata={"v": 1})
    made = datasets.open_dataset(client, request, "p1")
    assert made == datasets.open_dataset(client, request, "p1") == datasets.read_dataset(client, made["id"])
    assert made == {
        "id": made["id"], "project_id": "p1", "name": "faq", "description": "d", "metadata": {"v": 1},
        "created": made["created"],
    }  # fmt: skip
    with pytest.raises(NotFoundError):
        datasets.read_dataset(client, "no/such")
    assert server.requests[-1].path == "/v1/dataset/no%2Fsuch"


def test_the_rows_of_changes(server: FakeBraintrust, client: RestClient) -> None:
    FakeDatasets(server)
    id_ = datasets.open_dataset(client, DatasetRequest(name="faq"), "p1")["id"]
    special = DatasetChange(
        id="m", kind="merge", fields={"input": to_json({"a": 1})}, merge_paths=[["input"]], removed=["t"]
    )
    then = DatasetChange(id="old", kind="insert", created="then")
    changes = [
        insert("é", input={"q": "é"}, tags=["t"]),
        merge("m", expected=None),
        special,
        delete("d"),
        then,
    ]
    datasets.insert_events(client, id_, changes, NOW)
    assert events(server, id_) == [
        {"id": "é", "created": NOW, "input": {"q": "é"}, "tags": ["t"]},
        {"id": "m", "_is_merge": True, "expected": None},
        {
            "id": "m", "_is_merge": True, "_merge_paths": [["input"]],
            "_array_delete": [{"path": ["tags"], "delete": ["t"]}], "input": {"a": 1},
        },
        {"id": "d", "created": NOW, "_object_delete": True},
        {"id": "old", "created": "then"},
    ]  # fmt: skip


def test_rows_are_fetched_portion_by_portion_at_a_version(server: FakeBraintrust, client: RestClient) -> None:
    fake = FakeDatasets(server)
    id_ = datasets.open_dataset(client, DatasetRequest(name="faq"), "p1")["id"]
    datasets.insert_events(client, id_, [insert(f"{n}", input=n) for n in range(5)], NOW)
    datasets.insert_events(client, id_, [delete("0")], NOW)
    fake.portion = 3
    reading = datasets.fetch_events(client, id_, version=str(FIRST_XACT + 1), portion=2)
    assert [event["input"] for event in reading] == [0, 1, 2, 3, 4]
    assert [json.loads(each.body) for each in server.asked(f"/v1/dataset/{id_}/fetch")] == [
        {"limit": 2, "version": str(FIRST_XACT + 1)},
        {"limit": 2, "cursor": "2", "version": str(FIRST_XACT + 1)},
        {"limit": 2, "cursor": "4", "version": str(FIRST_XACT + 1)},
    ]
    assert [event["id"] for event in datasets.fetch_events(client, id_)] == ["1", "2", "3", "4"]


def test_sizes_and_environments(server: FakeBraintrust, client: RestClient) -> None:
    fake = FakeDatasets(server)
    fake.environments["pro duction"] = "1000"
    id_ = datasets.open_dataset(client, DatasetRequest(name="faq"), "p1")["id"]
    assert datasets.summarize(client, id_)["data_summary"] == {"total_records": 0}
    assert datasets.version_in(client, id_, "pro duction", "first") == "1000"
    with pytest.raises(NotFoundError):
        datasets.version_in(client, id_, "other", "first")


def test_what_is_no_dataset_is_an_error(server: FakeBraintrust, client: RestClient) -> None:
    server.before = lambda _request: Answer(body=b'{"id": 1}')
    with pytest.raises(RejectedError, match=r"the service answered with no dataset: \{'id': 1\}"):
        datasets.read_dataset(client, "d")
    with pytest.raises(RejectedError, match="no version of the environment 'e'"):
        datasets.version_in(client, "d", "e", "first")
