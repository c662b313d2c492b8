"""Requests for snapshots."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_braintrust import FakeBraintrust
from fake_datasets import FakeDatasets
from spanscore.client import RestClient, dataset_snapshots
from spanscore.wire.datasets import DatasetSnapshot

pytestmark = pytest.mark.core


@pytest.fixture
def server() -> Iterator[FakeBraintrust]:
    with FakeBraintrust() as server:
        FakeDatasets(server)
        yield server


def test_those_of_one_dataset_among_all(
    server: FakeBraintrust, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset_snapshots, "_PORTION", 2)
    client = RestClient(server.settings(tmp_path))
    made = [
        dataset_snapshots.create_snapshot(client, dataset_id, name, "7", description)
        for dataset_id, name, description in [("d1", "a", "x"), ("d2", "a", None), ("d1", "b", None)]
    ]
    assert made[0] == DatasetSnapshot(
        id="snapshot-1", name="a", version="7", created="2026-02-01T00:00:00Z", description="x"
    )
    assert list(dataset_snapshots.list_snapshots(client, "d1", org_name="first")) == [made[0], made[2]]
    assert list(dataset_snapshots.list_snapshots(client, "d2", name="a", org_name="first")) == [made[1]]
