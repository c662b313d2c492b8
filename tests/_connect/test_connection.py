"""From settings to destinations: who is chosen, who is nobody's guess, what never crosses."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from finished_spans import finished
from spanscore._config import Settings
from spanscore._connect import connect, open_spool
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent
from spanscore.wire.seams import ExperimentRequest

pytestmark = pytest.mark.core
KEY = "bt-test-key"


def identities(settings: Settings, **options: object) -> list[str]:
    connection = connect(settings, **options)  # type: ignore[arg-type]
    return [*connection.outbox._destinations]  # pyright: ignore[reportPrivateUsage]


def kinds(settings: Settings, **options: object) -> list[str]:
    return [identity.partition(":")[0] for identity in identities(settings, **options)]


def test_without_a_key_it_is_the_embedded_store_and_with_one_braintrust(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kinds(Settings.from_env(home=tmp_path)) == ["local"]
    assert kinds(Settings.from_env(home=tmp_path, api_key=KEY)) == ["braintrust"]
    monkeypatch.setenv("BRAINTRUST_API_KEY", KEY)
    assert kinds(Settings.from_env(home=tmp_path)) == ["braintrust"]


def test_variables_of_an_endpoint_alone_choose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    assert kinds(Settings.from_env(home=tmp_path)) == ["local"]


def test_several_are_chosen_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("requests")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setenv("SPANSCORE_DESTINATION", "braintrust, otlp,local")
    found = identities(Settings.from_env(home=tmp_path))
    assert [each.partition(":")[0] for each in found] == ["braintrust", "otlp", "local"]
    assert found[1].startswith("otlp:http://127.0.0.1:1")


def test_exporter_objects_come_alone_or_beside_names(tmp_path: Path) -> None:
    exporters: Sequence[InMemorySpanExporter] = [InMemorySpanExporter(), InMemorySpanExporter()]
    assert kinds(Settings.from_env(home=tmp_path), exporters=exporters) == ["exporter", "exporter"]
    both = Settings.from_env(home=tmp_path, destinations=["local"])
    assert kinds(both, exporters=exporters) == ["local", "exporter", "exporter"]


def test_identity_of_braintrust_is_that_of_one_key_and_stays_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRAINTRUST_API_KEY", "first key")
    connection = connect(Settings.from_env(home=tmp_path))
    (destination,) = connection.outbox._given  # pyright: ignore[reportPrivateUsage]
    first = destination.identity
    monkeypatch.setenv("BRAINTRUST_API_KEY", "second key")
    assert destination.identity == first
    assert identities(Settings.from_env(home=tmp_path)) != [first]
    assert "first key" not in first


def test_no_key_is_in_the_spool(tmp_path: Path) -> None:
    settings = Settings.from_env(home=tmp_path, api_key="bt-secret-key", api_url="http://127.0.0.1:1")
    connection = connect(settings)
    connection.outbox.put(finished())
    connection.outbox.close(0)
    (path,) = open_spool(settings).paths()
    assert b"braintrust:http://127.0.0.1:1#" in path.read_bytes()
    assert not any(b"bt-secret" in file.read_bytes() for file in path.parent.iterdir())


def test_durability_and_redaction_are_those_of_the_settings(tmp_path: Path) -> None:
    plain = connect(Settings.from_env(home=tmp_path, redact=False, durability="window")).outbox._options  # pyright: ignore[reportPrivateUsage]
    assert (plain.redactor, plain.durability, plain.redact_at) == (None, "window", "send")
    early = connect(Settings.from_env(home=tmp_path, redact_at="span")).outbox._options  # pyright: ignore[reportPrivateUsage]
    assert (early.redactor is None, early.redact_at) == (False, "span")


def test_bounds_of_the_spool_are_those_of_the_settings(tmp_path: Path) -> None:
    settings = Settings.from_env(home=tmp_path, spool_max_bytes=1, spool_max_age_s=2.0)
    spool = open_spool(settings)
    assert (spool.folder, spool._max_bytes, spool._max_age_s) == (tmp_path / "spool", 1, 2.0)  # pyright: ignore[reportPrivateUsage]


def test_rows_of_an_experiment_reach_only_the_store(tmp_path: Path) -> None:
    exporter = InMemorySpanExporter()
    connection = connect(Settings.from_env(home=tmp_path), exporters=[exporter])
    connection.outbox.put(finished(name="before"))
    experiment = connection.backend.register_experiment(ExperimentRequest(project="bot"))
    parent = f"experiment_id:{experiment.id}"
    connection.outbox.put(finished(name="row", parent=parent, span_id=2))
    connection.outbox.put(finished(name="after", span_id=3))
    assert connection.outbox.flush(30).waiting == 0
    connection.outbox.close()
    assert [span.name for span in exporter.get_finished_spans()] == ["before", "after"]
    store = SqliteStore(tmp_path / "spanscore.db")
    assert [row.name for row in store.rows(Parent.parse(parent))] == ["row"]
