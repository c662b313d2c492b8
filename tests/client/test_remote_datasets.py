"""Datasets of an account behind the seam, and the object over them."""

from collections.abc import Sequence
from typing import Any

import pytest

from dataset_changes import delete, insert, merge
from fake_braintrust import FakeBraintrust
from fake_datasets import FIRST_XACT, FakeDatasets
from spanscore.client import RestClient
from spanscore.client.remote_datasets import RemoteDatasets
from spanscore.datasets import Dataset, Target
from spanscore.errors import ConfigError, NotFoundError
from spanscore.wire.attachments import Reference
from spanscore.wire.datasets import DatasetRecord, DatasetRequest, DatasetState
from spanscore.wire.seams import Datasets

pytestmark = pytest.mark.core

REQUEST = DatasetRequest(project="shop", name="faq", description="asked often")


class Uploads:
    def __init__(self) -> None:
        self.keys: list[str] = []

    def hand_over(self, references: Sequence[Reference]) -> None:
        self.keys += [each.key for each in references]


@pytest.fixture
def fake(server: FakeBraintrust) -> FakeDatasets:
    return FakeDatasets(server)


@pytest.fixture
def uploads() -> Uploads:
    return Uploads()


@pytest.fixture
def remote(fake: FakeDatasets, client: RestClient, uploads: Uploads) -> RemoteDatasets:
    assert fake.server.url == client.api_url
    return RemoteDatasets(client, uploads.hand_over)


def test_it_is_the_seam(remote: RemoteDatasets) -> None:
    datasets: Datasets = remote
    assert datasets.writes_at_once == 100


def test_a_dataset_is_made_and_found(remote: RemoteDatasets) -> None:
    ref = remote.open_dataset(REQUEST)
    other = remote.open_dataset(DatasetRequest(project="bank", name="faq"))
    assert (ref.name, ref.project.name, ref.description, other.project.name) == (
        "faq",
        "shop",
        "asked often",
        "bank",
    )
    find = remote.find_dataset
    assert [find(ref.id), find("shop/faq"), find("faq", project="shop")] == [ref] * 3
    by_id = DatasetRequest(project_id=ref.project.id, name="faq")
    assert remote.open_dataset(by_id) == ref
    with pytest.raises(NotFoundError, match="'faq' fits several datasets: shop/faq"):
        find("faq")
    with pytest.raises(NotFoundError, match="has no dataset 'shop/nope'; give its id or PROJECT/NAME"):
        find("shop/nope")
    with pytest.raises(ConfigError, match="a dataset needs a project"):
        remote.open_dataset(DatasetRequest(name="faq"))


def test_records_go_there_and_back(remote: RemoteDatasets) -> None:
    ref = remote.open_dataset(REQUEST)
    fields: dict[str, Any] = {"input": {"q": 1}, "expected": 2, "metadata": {"m": 1}, "tags": ["t"]}
    remote.write_records(ref.id, [insert("1", **fields), insert("2", input="x")])
    remote.write_records(ref.id, [])
    remote.write_records(ref.id, [merge("1", input={"r": 2}, tags=["u"]), delete("2")])
    (record,) = remote.read_records(ref.id)
    merged: dict[str, Any] = {**fields, "input": {"q": 1, "r": 2}, "tags": ["t", "u"]}
    assert record == DatasetRecord(
        id="1",
        **merged,
        xact_id=str(FIRST_XACT + 2),
        created=record.created,
    )
    assert remote.dataset_state(ref.id) == DatasetState(records=1, version=str(FIRST_XACT + 2))
    first = str(FIRST_XACT + 1)
    assert remote.dataset_state(ref.id, version=first) == DatasetState(records=2, version=first)
    assert (remote.dataset_size(ref.id), remote.dataset_size(ref.id, version=first)) == (1, None)
    assert [
        (old and old.id, new and new.id) for old, new in remote.differences((ref.id, first), (ref.id, None))
    ] == [("2", None), ("1", "1")]


def test_lists_and_links(remote: RemoteDatasets, server: FakeBraintrust) -> None:
    ref = remote.open_dataset(REQUEST)
    remote.open_dataset(DatasetRequest(project="bank", name="b"))
    remote.write_records(ref.id, [insert("1")])
    (listing,) = remote.list_datasets(project="shop")
    assert (listing.ref, listing.state) == (ref, DatasetState(records=1, version=None))
    assert len(remote.list_datasets()) == 2
    assert remote.dataset_link(ref) == f"{server.url}/app/first/p/shop/datasets/faq"


def test_snapshots_and_environments(remote: RemoteDatasets, fake: FakeDatasets) -> None:
    ref = remote.open_dataset(REQUEST)
    snapshot = remote.add_snapshot(ref.id, "golden", "1000")
    assert remote.add_snapshot(ref.id, "golden", "1000") == snapshot
    assert remote.snapshots(ref.id) == [snapshot]
    assert remote.dataset_version(ref.id, snapshot="golden") == "1000"
    with pytest.raises(ConfigError, match="the snapshot 'golden' is version 1000 already, and stays it"):
        remote.add_snapshot(ref.id, "golden", "1001")
    with pytest.raises(NotFoundError, match="the dataset has no snapshot 'silver'; it has 'golden'"):
        remote.dataset_version(ref.id, snapshot="silver")
    fake.environments["production"] = "1002"
    assert remote.dataset_version(ref.id, environment="production") == "1002"


def test_bytes_follow_their_records(remote: RemoteDatasets, uploads: Uploads) -> None:
    key = "9f2c1111-0000-4000-8000-000000000000"
    picture = {"type": "braintrust_attachment", "key": key, "filename": "a.gif", "content_type": "image/gif"}
    ref = remote.open_dataset(REQUEST)
    remote.write_records(ref.id, [insert("1", input=[picture, picture]), insert("2", expected=picture)])
    assert uploads.keys == [key]


def test_the_object_sends_many_at_once(remote: RemoteDatasets, fake: FakeDatasets) -> None:
    dataset = Dataset(Target(lambda: remote, REQUEST))
    for number in range(250):
        dataset.insert(input=number, id=f"{number}")
    path = f"/v1/dataset/{dataset.id}/insert"
    sent = len(fake.server.asked(path))
    assert sent >= 2
    assert [row["input"] for row in dataset] == list(range(250))
    assert sent < len(fake.server.asked(path)) < 10
    assert dataset.version == str(FIRST_XACT + len(fake.server.asked(path)))
    summary = dataset.summarize()
    assert (summary.project_url, summary.dataset_url) == (
        f"{fake.server.url}/app/first/p/shop",
        f"{fake.server.url}/app/first/p/shop/datasets/faq",
    )
    assert summary.data_summary is not None
    assert summary.data_summary.total_records == 250
