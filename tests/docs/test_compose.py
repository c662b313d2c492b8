"""The compose file and the collector's configuration are valid, and fit each other."""

import copy
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

jsonschema = pytest.importorskip("jsonschema", reason="it comes with the development tools")
YAML = pytest.importorskip("ruamel.yaml", reason="it comes with the development tools").YAML

ROOT = Path(__file__).parent.parent.parent
COMPOSE_FILE = ROOT / "docker-compose.yml"
COLLECTOR_FILE = ROOT / "docs" / "deploy" / "collector.yaml"
SCHEMA: Any = json.loads((Path(__file__).parent / "collector.schema.json").read_text())


def load(path: Path) -> Any:
    return YAML(typ="safe").load(path)


COMPOSE = load(COMPOSE_FILE)
COLLECTOR = load(COLLECTOR_FILE)
SERVICE = COMPOSE["services"]["collector"]


def validate_compose(path: Path) -> subprocess.CompletedProcess[str]:
    """Against the schema of the Compose Specification, which check-jsonschema ships."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_compose_file_keeps_to_the_specification() -> None:
    done = validate_compose(COMPOSE_FILE)
    assert done.returncode == 0, done.stdout


def test_a_wrong_compose_file_is_noticed(tmp_path: Path) -> None:
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(COMPOSE_FILE.read_text().replace("restart:", "restarts:"))
    assert "'restarts' was unexpected" in validate_compose(wrong).stdout


def test_collector_file_keeps_to_its_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(COLLECTOR, SCHEMA)


def missing_components(config: Any) -> list[str]:
    """What pipelines and queues name and nothing declares."""
    service = config["service"]
    named = [("extensions", name) for name in service.get("extensions", [])]
    for pipeline in service["pipelines"].values():
        named += [(kind, name) for kind, names in pipeline.items() for name in names]
    missing = [f"{kind}: {name}" for kind, name in named if name not in config.get(kind, {})]
    for exporter in config["exporters"].values():
        storage = exporter.get("sending_queue", {}).get("storage")
        if storage is not None and storage not in service.get("extensions", []):
            missing.append(f"storage: {storage}")
    return missing


def unused_components(config: Any) -> list[str]:
    """What is declared and nothing names: the collector does not start it."""
    used = set(config["service"].get("extensions", []))
    for pipeline in config["service"]["pipelines"].values():
        used.update(name for names in pipeline.values() for name in names)
    kinds = ("receivers", "processors", "exporters", "extensions")
    return [name for kind in kinds for name in config.get(kind, {}) if name not in used]


def test_pipelines_and_components_agree() -> None:
    assert (missing_components(COLLECTOR), unused_components(COLLECTOR)) == ([], [])


def exporter(config: Any) -> Any:
    return config["exporters"]["otlp_http/braintrust"]


WRONG: dict[str, Callable[[Any], Any]] = {
    "unknown component": lambda c: c["exporters"].update({"kafkaa": {}}),
    "unknown setting": lambda c: exporter(c).update({"header": {}}),
    "no endpoint": lambda c: exporter(c).pop("endpoint"),
    "no number": lambda c: exporter(c)["sending_queue"].update({"queue_size": "1GiB"}),
    "no unit of time": lambda c: exporter(c)["sending_queue"]["batch"].update({"flush_timeout": "1"}),
    "unknown sizer": lambda c: exporter(c)["sending_queue"].update({"sizer": "mib"}),
    "unknown signal": lambda c: c["service"]["pipelines"].update({"spans": {}}),
    "no receiver": lambda c: c["service"]["pipelines"]["traces"].pop("receivers"),
    "no service": lambda c: c.pop("service"),
    "no limit": lambda c: c["processors"]["memory_limiter"].pop("limit_percentage"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_collector_file_is_noticed(name: str) -> None:
    config = copy.deepcopy(COLLECTOR)
    WRONG[name](config)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(config, SCHEMA)


def test_a_component_that_is_not_declared_is_noticed() -> None:
    config = copy.deepcopy(COLLECTOR)
    del config["exporters"]["otlp_http/second"]
    config["service"]["extensions"].remove("file_storage")
    assert missing_components(config) == ["exporters: otlp_http/second", "storage: file_storage"]
    assert unused_components(config) == ["file_storage"]


def test_collector_sends_to_braintrust_and_to_a_second_backend() -> None:
    assert COLLECTOR["service"]["pipelines"]["traces"]["exporters"] == list(COLLECTOR["exporters"])
    braintrust = exporter(COLLECTOR)
    assert braintrust["endpoint"] == "${env:BRAINTRUST_API_URL}/otel"
    assert braintrust["headers"] == {
        "Authorization": "Bearer ${env:BRAINTRUST_API_KEY}",
        "x-bt-parent": "${env:BRAINTRUST_PARENT}",
    }


def test_batches_are_smaller_than_what_braintrust_takes() -> None:
    queue = exporter(COLLECTOR)["sending_queue"]
    assert queue["sizer"] == "bytes"
    assert queue["batch"]["min_size"] <= queue["batch"]["max_size"] < 10_000_000


def test_nothing_is_given_up_on() -> None:
    for settings in COLLECTOR["exporters"].values():
        assert settings["retry_on_failure"]["max_elapsed_time"] == "0s"
        assert settings["sending_queue"]["storage"] == "file_storage"


def test_compose_gives_the_collector_the_variables_it_reads() -> None:
    read = set(re.findall(r"\$\{env:(\w+)\}", COLLECTOR_FILE.read_text()))
    assert read == set(SERVICE["environment"])


def test_compose_mounts_what_the_collector_reads_and_writes() -> None:
    mounts = [volume.split(":") for volume in SERVICE["volumes"]]
    sources = {mount[1]: mount[0] for mount in mounts}
    assert sources == {
        "/etc/otelcol-contrib/config.yaml": "./docs/deploy/collector.yaml",
        COLLECTOR["extensions"]["file_storage"]["directory"]: "collector-queue",
    }
    assert (ROOT / sources["/etc/otelcol-contrib/config.yaml"]).is_file()
    assert list(COMPOSE["volumes"]) == ["collector-queue"]
    assert SERVICE["command"] == ["--config=/etc/otelcol-contrib/config.yaml"]


def test_compose_publishes_the_ports_of_the_collector_to_this_machine_only() -> None:
    protocols = COLLECTOR["receivers"]["otlp"]["protocols"].values()
    endpoints = [*protocols, COLLECTOR["extensions"]["health_check"]]
    inside = {settings["endpoint"].rpartition(":")[2] for settings in endpoints}
    published = [port.split(":") for service in COMPOSE["services"].values() for port in service["ports"]]
    assert {host for host, _, _ in published} == {"127.0.0.1"}
    assert {container for _, _, container in published} == inside | {"16686"}


def test_second_backend_is_a_service() -> None:
    url = SERVICE["environment"]["SECOND_BACKEND_URL"]
    host = re.fullmatch(r"\$\{SECOND_BACKEND_URL:-http://(\w+):4318\}", url)
    assert host is not None
    assert (
        [host[1]]
        == list(SERVICE["depends_on"])
        == [name for name in COMPOSE["services"] if name != "collector"]
    )


def test_images_are_pinned() -> None:
    images = [service["image"] for service in COMPOSE["services"].values()]
    assert [image for image in images if not re.search(r":\d+\.\d+\.\d+$", image)] == []
