"""Braintrust's datasets, over a real socket: a part that plugs into `FakeBraintrust`.

    with FakeBraintrust() as server:
        datasets = FakeDatasets(server)
        ...
        assert datasets.rows("dataset-1") == [...]

Import it as `from fake_datasets import FakeDatasets`.
"""

import json
from copy import deepcopy
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from fake_braintrust import FakeBraintrust
from http_sink import Answer, Request

FIRST_XACT = 1_000_197_000_000_000_000


class FakeDatasets:
    """Keeps datasets with every version, and snapshots. `portion` is the most that a fetch gives at once."""

    def __init__(self, server: FakeBraintrust) -> None:
        self.server = server
        self.datasets: list[dict[str, Any]] = []
        self.versions: dict[str, list[tuple[int, dict[str, dict[str, Any]]]]] = {}
        self.snapshots: list[dict[str, Any]] = []
        self.environments: dict[str, str] = {}
        self.portion = 1000
        self._xact = FIRST_XACT
        server.before = self._answer

    def rows(self, dataset_id: str, version: int | None = None) -> list[dict[str, Any]]:
        """The rows of a version."""
        known = [rows for xact, rows in self.versions[dataset_id] if version is None or xact <= version]
        return [row for row in (known[-1] if known else {}).values() if not row.get("_object_delete")]

    def _answer(self, request: Request) -> Answer | None:
        url = urlsplit(request.path)
        parts = [unquote(part) for part in url.path.strip("/").split("/")]
        query = dict(parse_qsl(url.query))
        is_json = parts[0] == "v1" and request.body
        body = json.loads(request.body) if is_json else {}
        match parts:
            case ["v1", "dataset"]:
                return self._make(body) if request.method == "POST" else self._list(query)
            case ["v1", "dataset", dataset_id, *action]:
                return self._one(dataset_id, "".join(action), body)
            case ["v1", "dataset_snapshot"]:
                return self._snapshot(body) if request.method == "POST" else self._snapshots(query)
            case ["environment-object", "dataset", _dataset_id, name]:
                found = self.environments.get(name)
                return _missing() if found is None else _json({"object_version": found})
            case _:
                return None

    def _make(self, body: dict[str, Any]) -> Answer:
        key = (body["project_id"], body["name"])
        known = [each for each in self.datasets if (each["project_id"], each["name"]) == key]
        if not known:
            number = len(self.datasets) + 1
            id_ = f"00000000-0000-4000-8000-{number:012d}"
            known = [{"created": f"2026-01-0{number}T00:00:00Z", **body, "id": id_}]
            self.datasets += known
            self.versions[id_] = []
        return _json(known[0])

    def _list(self, query: dict[str, str]) -> Answer:
        ids = {each["id"] for each in self.server.projects if each["name"] == query.get("project_name")}
        found = [
            each
            for each in self.datasets
            if query.get("dataset_name", each["name"]) == each["name"]
            and ("project_name" not in query or each["project_id"] in ids)
        ]
        return _json({"objects": found[: int(query["limit"])]})

    def _one(self, dataset_id: str, action: str, body: dict[str, Any]) -> Answer:
        known = next((each for each in self.datasets if each["id"] == dataset_id), None)
        if known is None:
            return _missing()
        if action == "insert":
            return self._insert(dataset_id, body["events"])
        if action == "fetch":
            version = body.get("version")
            rows = self.rows(dataset_id, None if version is None else int(version))
            first = int(body.get("cursor") or 0)
            end = first + min(self.portion, body["limit"])
            return _json({"events": rows[first:end], "cursor": str(end) if end < len(rows) else None})
        if action == "summarize":
            url = f"{self.server.url}/app/first/p/shop"
            total = len(self.rows(dataset_id))
            return _json(
                {
                    "project_url": url,
                    "dataset_url": f"{url}/datasets/{known['name']}",
                    "data_summary": {"total_records": total},
                }
            )
        return _json(known)

    def _insert(self, dataset_id: str, events: list[dict[str, Any]]) -> Answer:
        self._xact += 1
        versions = self.versions[dataset_id]
        rows = deepcopy(versions[-1][1]) if versions else {}
        for event in events:
            before = rows.get(event["id"], {})
            after = _merged(before, event) if event.pop("_is_merge", False) else event
            after["_xact_id"] = str(self._xact)
            rows[event["id"]] = {"expected": None, **after}
        versions.append((self._xact, rows))
        return _json({"row_ids": [event["id"] for event in events]})

    def _snapshot(self, body: dict[str, Any]) -> Answer:
        number = len(self.snapshots) + 1
        made = {
            "description": None,
            **body,
            "id": f"snapshot-{number}",
            "created": f"2026-02-{number:02d}T00:00:00Z",
        }
        self.snapshots.append(made)
        return _json(made)

    def _snapshots(self, query: dict[str, str]) -> Answer:
        found = [
            each
            for each in self.snapshots
            if query.get("dataset_snapshot_name", each["name"]) == each["name"]
        ]
        ids = [each["id"] for each in found]
        first = ids.index(query["starting_after"]) + 1 if "starting_after" in query else 0
        return _json({"objects": found[first : first + int(query["limit"])]})


def _merged(before: Any, after: Any) -> Any:
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return after
    both = dict(before)
    for key, value in after.items():
        if key == "tags" and isinstance(both.get(key), list):
            both[key] = [*both[key], *(tag for tag in value if tag not in both[key])]
        else:
            both[key] = _merged(both.get(key), value)
    return both


def _missing() -> Answer:
    return Answer(status=404, body=b"no such object")


def _json(value: Any) -> Answer:
    return Answer(headers={"content-type": "application/json"}, body=json.dumps(value).encode())
