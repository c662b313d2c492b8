"""`init_dataset` in a program: a process of its own, attachments, arguments."""

import os
import re
import subprocess
import sys
from os import environ
from pathlib import Path
from typing import Any

import pytest

from fake_braintrust import KEY, FakeBraintrust
from fake_datasets import FIRST_XACT, FakeDatasets
from spanscore import Attachment, Eval, ReadonlyAttachment, init_dataset
from spanscore.api._recording import connection_in_force, ensure_recording
from spanscore.api.dataset import with_attachments
from spanscore.errors import ConfigError, NotFoundError
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent

pytestmark = pytest.mark.core


def test_it_records_nothing() -> None:
    dataset = init_dataset("shop", "faq")
    dataset.insert(input=1)
    assert connection_in_force() is None


def test_it_is_the_same_store_as_that_of_the_connection() -> None:
    init_dataset("shop", "faq").insert(input=1)
    connection = ensure_recording()
    (listing,) = connection.backend.datasets.list_datasets()
    assert (listing.ref.name, listing.state.records) == ("faq", 1)
    assert [row["input"] for row in init_dataset("shop", "faq")] == [1]


def test_defaults_and_ids() -> None:
    dataset = init_dataset("shop")
    assert (dataset.name, dataset.project.name) == ("logs", "shop")
    assert init_dataset(dataset_id=dataset.id).name == "logs"
    assert init_dataset(project_id=dataset.project.id).id == dataset.id
    assert init_dataset("shop", "x", "about x", metadata={"k": 1}).data["description"] == "about x"


def test_versions_by_number_and_by_name() -> None:
    dataset = init_dataset("shop")
    dataset.insert(input=1)
    version = dataset.version
    assert version is not None
    dataset.snapshot("golden")
    dataset.insert(input=2)
    for old in (
        init_dataset("shop", version=version),
        init_dataset("shop", version=int(version)),
        init_dataset("shop", version="golden"),
        init_dataset("shop", snapshot="golden"),
        init_dataset("shop", version=version, environment="production"),
    ):
        assert ([row["input"] for row in old], old.version) == ([1], version)
    with pytest.raises(NotFoundError, match="the dataset has no snapshot 'silver'; it has 'golden'"):
        list(init_dataset("shop", snapshot="silver"))
    with pytest.raises(ConfigError, match="environment='production' is Braintrust's"):
        list(init_dataset("shop", environment="production"))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, 'a dataset needs a project; give project="support bot", project_id or dataset_id'),
        ({"project": "p", "state": object()}, "state is object; give what login_to_state(…)"),
        (
            {"project": "p", "_internal_btql": {"filter": "x"}},
            "_internal_btql has 'filter'; only {\"limit\": …} is known here",
        ),
        ({"project": "p", "limit": 0}, "limit is 0; give a whole number from 1"),
        ({"project": "p", "_internal_btql": {"limit": "5"}}, "limit is '5'; give a whole number from 1"),
    ],
)
def test_what_cannot_be_meant(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        init_dataset(**given)


def test_a_limit() -> None:
    dataset = init_dataset("shop", "faq")
    for number in range(5):
        dataset.insert(input=number)
    for limited in (
        init_dataset("shop", "faq", limit=2),
        init_dataset("shop", "faq", _internal_btql={"limit": 2}),
        init_dataset("shop", "faq", version=dataset.version, limit=2),
    ):
        assert ([row["input"] for row in limited], limited.size()) == ([0, 1], 2)
    assert init_dataset("shop", "faq", limit=9).size() == 5
    assert str(init_dataset("shop", "faq", limit=2).summarize().data_summary).startswith("Total records: 5")


def test_attachments_come_back_with_their_bytes() -> None:
    dataset = init_dataset("shop")
    picture = Attachment(data=b"GIF89a", filename="dot.gif", content_type="image/gif")
    dataset.insert(input={"pictures": [picture]}, expected=picture)
    (row,) = dataset
    (found,) = row["input"]["pictures"]
    assert isinstance(found, ReadonlyAttachment)
    assert (found.data, row["expected"].data, found.reference) == (b"GIF89a", b"GIF89a", picture.reference)
    dataset.insert(input=found, id="again")
    assert [each["input"] for each in dataset][1].data == b"GIF89a"


def test_only_references_become_attachments() -> None:
    value = {"type": "text", "parts": [{"type": "braintrust_attachment"}, {"key": 1}]}
    assert with_attachments(value) == value


PROGRAM = """
import os, signal
import spanscore

dataset = spanscore.init_dataset("shop", "faq")
for number in range(20):
    dataset.insert(input=number)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_inserted_survives_the_end_of_its_program(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env={**environ}, timeout=60, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (-9, b"")
    assert [row["input"] for row in init_dataset("shop", "faq")] == list(range(20))
    assert (tmp_path / "home").exists()


def test_the_rows_of_an_eval_say_which_record_they_are_of() -> None:
    dataset = init_dataset("shop", "faq")
    for number in range(3):
        dataset.insert(input=number, expected=number + 1, id=f"r{number}", tags=["t"])
    scores = [lambda output, expected: output == expected]
    result = Eval("shop", dataset, lambda input: input + 1, scores, quiet=True)
    assert result.summary.cases == 3
    store = SqliteStore(Path(os.environ["SPANSCORE_HOME"]) / "spanscore.db")
    rows = [row for row in store.rows(Parent.parse(f"experiment_id:{result.experiment.id}")) if row.is_root]
    store.close()
    assert sorted((row.origin or {})["id"] for row in rows) == ["r0", "r1", "r2"]
    assert {tuple(sorted(row.origin or {})) for row in rows} == {
        ("_xact_id", "created", "id", "object_id", "object_type")
    }
    assert {(row.origin or {})["object_id"] for row in rows} == {dataset.id}


def test_with_a_key_it_is_a_dataset_of_braintrust(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeBraintrust() as server:
        fake = FakeDatasets(server)
        fake.environments["production"] = str(FIRST_XACT + 1)
        monkeypatch.setenv("BRAINTRUST_API_URL", server.url)
        monkeypatch.setenv("BRAINTRUST_APP_URL", server.url)
        with init_dataset("shop", "faq", api_key=KEY, org_name="second") as dataset:
            picture = Attachment(data=b"GIF89a", filename="dot.gif", content_type="image/gif")
            dataset.insert(input=picture, id="1")
        monkeypatch.setenv("BRAINTRUST_API_KEY", KEY)
        again = init_dataset(dataset_id=dataset.id)
        again.insert(input="second", id="2")
        assert [row["id"] for row in again] == ["1", "2"]
        assert [row["id"] for row in init_dataset("shop", "faq", environment="production")] == ["1"]
        assert [row["input"] for row in fake.rows(dataset.id)] == [picture.reference, "second"]
        assert server.stored == {picture.reference["key"]: b"GIF89a"}
        # One that does not say where it goes is in nobody's store.
        assert not (Path(os.environ["SPANSCORE_HOME"]) / "spanscore.db").exists()


REMOTE_PROGRAM = """
import spanscore

dataset = spanscore.init_dataset("shop", "faq")
for number in range(5):
    dataset.insert(input=number)
"""


def test_what_waits_is_sent_at_the_end_of_the_program() -> None:
    with FakeBraintrust() as server:
        fake = FakeDatasets(server)
        variables = {
            "BRAINTRUST_API_KEY": KEY,
            "BRAINTRUST_API_URL": server.url,
            "BRAINTRUST_APP_URL": server.url,
        }
        done = subprocess.run(
            [sys.executable, "-c", REMOTE_PROGRAM],
            env={**environ, **variables},
            timeout=60,
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert [row["input"] for row in fake.rows(fake.datasets[0]["id"])] == list(range(5))
