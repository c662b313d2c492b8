"""Braintrust's interface as far as the SDK needs it, over a real socket; it keeps all that it is asked.

    with FakeBraintrust() as server:
        destination = BraintrustDestination(server.settings(home))
        ...
        assert server.stored == {key: content}

Import it as `from fake_braintrust import FakeBraintrust`.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from http_sink import Answer, HttpSink, Request
from spanscore._config import Settings

KEY = "sk-braintrust-never-to-be-seen"
SIGNATURE = "signature-never-to-be-seen"
_XACT = "1000197156529394086"


class FakeBraintrust(HttpSink):
    """Keeps rows and bytes. `before` may answer a request in the place of the server; None lets it go on.

    `storage` are the headers that a PUT has to have besides. `organisations` are those
    of each of `keys`. `projects`
    and `experiments` are what has been made, in order, `rows` those of each experiment by their ids; of rows
    at most `portion` are given at a time.
    """

    def __init__(self) -> None:
        super().__init__()
        self.answer = self._answered
        self.before: Callable[[Request], Answer | None] = lambda _request: None
        self.storage: Mapping[str, str] = {"x-stored-as": "blob"}
        self.organisations: list[dict[str, Any]] = [
            {"id": "org-1", "name": "first"},
            {"id": "org-2", "name": "second"},
        ]
        self.keys = {KEY}
        self.projects: list[dict[str, Any]] = []
        self.experiments: list[dict[str, Any]] = []
        self.rows: dict[str, dict[str, dict[str, Any]]] = {}
        self.merged: list[dict[str, Any]] = []
        self.portion = 1000
        self.stored: dict[str, bytes] = {}
        self.statuses: dict[str, dict[str, Any]] = {}

    def settings(self, home: Path, **changes: Any) -> Settings:
        given = {"home": home, "api_key": KEY, "api_url": self.url, "app_url": self.url, **changes}
        return Settings.from_env(**given)

    def asked(self, path: str) -> list[Request]:
        """The requests for a path."""
        return [request for request in self.requests if urlsplit(request.path).path == path]

    def paths(self) -> list[str]:
        """What was asked, in order, keys left out."""
        return [
            f"{request.method} {urlsplit(request.path).path.split('/blob/')[0]}" for request in self.requests
        ]

    def spans(self) -> list[dict[str, str]]:
        """The text attributes of each span that has arrived, in order."""
        found: list[dict[str, str]] = []
        for request in self.asked("/otel/v1/traces"):
            for resource in ExportTraceServiceRequest.FromString(request.content).resource_spans:
                for scope in resource.scope_spans:
                    found += [
                        {each.key: each.value.string_value for each in span.attributes}
                        for span in scope.spans
                    ]
        return found

    def _answered(self, request: Request) -> Answer:
        given = self.before(request)
        if given is not None:
            return given
        path = urlsplit(request.path).path
        if path.startswith("/blob/"):
            return self._blob(request, path.removeprefix("/blob/"))
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.keys:
            return Answer(status=401, body=b"Invalid API key")
        found = next((each for beginning, each in self._places.items() if path.startswith(beginning)), None)
        return Answer() if found is None else found(request, path)

    @property
    def _places(self) -> dict[str, Callable[[Request, str], Answer]]:
        return {
            "/api/apikey/login": lambda _request, _path: _json({"org_info": self.organisations}),
            "/api/base_experiment/get_id": self._base_experiment,
            "/version": lambda _request, _path: _json({"version": "2.0.0", "logs3_payload_max_bytes": None}),
            "/logs3": self._merge,
            "/v1/project": self._project,
            "/v1/experiment": self._experiment,
            "/attachment": self._attachment,
        }

    def _merge(self, request: Request, _path: str) -> Answer:
        rows = json.loads(request.body)["rows"]
        self.merged += rows
        return _json({"ids": [row["id"] for row in rows], "xact_id": _XACT})

    def _project(self, request: Request, path: str) -> Answer:
        asked, found = _query(request), path.removeprefix("/v1/project").strip("/")
        if request.method == "POST":
            body = json.loads(request.body)
            known = [each for each in self.projects if each["name"] == body["name"]]
            if not known:
                made = {"id": str(uuid4()), "org_id": "org-1", "name": body["name"], "description": None}
                self.projects.append(made)
                known = [made]
            return _json(known[0])
        if not found:
            names = asked.get("project_name")
            return _json({"objects": [each for each in self.projects if each["name"] == names]})
        return next((_json(each) for each in self.projects if each["id"] == found), _missing("project"))

    def _experiment(self, request: Request, path: str) -> Answer:
        rest = path.removeprefix("/v1/experiment").strip("/")
        if not rest:
            is_new = request.method == "POST"
            return _json(self._made(json.loads(request.body)) if is_new else self._named(_query(request)))
        experiment_id, _, action = rest.partition("/")
        known = next((each for each in self.experiments if each["id"] == experiment_id), None)
        return _missing("experiment") if known is None else self._of_one(known, action, request)

    def _named(self, asked: dict[str, str]) -> dict[str, Any]:
        ids = {each["id"] for each in self.projects if each["name"] == asked.get("project_name")}
        ids |= {asked.get("project_id", "")}
        found = [each for each in self.experiments if each["project_id"] in ids]
        return {"objects": [each for each in found if each["name"] == asked["experiment_name"]]}

    def _of_one(self, known: dict[str, Any], action: str, request: Request) -> Answer:
        experiment_id = known["id"]
        if action == "insert":
            return self._insert(self.rows[experiment_id], json.loads(request.body)["events"])
        if action == "fetch":
            return self._fetch(list(self.rows[experiment_id].values()), json.loads(request.body))
        if action == "summarize":
            return _json(self._summary(known))
        return _json(known)

    def _made(self, body: dict[str, Any]) -> dict[str, Any]:
        """The experiment that is asked for: a taken name gets a suffix, unless that one is wanted."""
        name = body.get("name") or f"main-{len(self.experiments) + 1}"
        known = [
            each
            for each in self.experiments
            if (each["project_id"], each["name"]) == (body["project_id"], name)
        ]
        if known and not body["ensure_new"]:
            return known[0]
        made = {**body, "id": str(uuid4()), "name": f"{name}-{uuid4().hex[:8]}" if known else name}
        made["commit"] = (body.get("repo_info") or {}).get("commit")
        del made["ensure_new"]
        self.experiments.append(made)
        self.rows[made["id"]] = {}
        return made

    def _insert(self, rows: dict[str, dict[str, Any]], events: list[dict[str, Any]]) -> Answer:
        rows.update({event["id"]: {**event, "_xact_id": _XACT} for event in events})
        return _json({"row_ids": [event["id"] for event in events]})

    def _fetch(self, rows: list[dict[str, Any]], asked: dict[str, Any]) -> Answer:
        first = int(asked.get("cursor") or 0)
        end = first + min(self.portion, asked["limit"])
        return _json({"events": rows[first:end], "cursor": str(end) if end < len(rows) else None})

    def _base_experiment(self, request: Request, _path: str) -> Answer:
        experiment_id = json.loads(request.body)["id"]
        known = next((each for each in self.experiments if each["id"] == experiment_id), {})
        base = next((each for each in self.experiments if each["id"] == known.get("base_exp_id")), None)
        if base is None:
            return Answer(status=400, body=b"No base experiment")
        return _json({"id": experiment_id, "base_exp_id": base["id"], "base_exp_name": base["name"]})

    def _summary(self, experiment: dict[str, Any]) -> dict[str, Any]:
        project = next(each for each in self.projects if each["id"] == experiment["project_id"])
        url = f"{self.url}/app/first/p/{project['name']}"
        return {
            "project_name": project["name"],
            "experiment_name": experiment["name"],
            "project_url": url,
            "experiment_url": f"{url}/experiments/{experiment['name']}",
            "comparison_experiment_name": None,
            "scores": {},
            "metrics": {},
        }

    def _attachment(self, request: Request, path: str) -> Answer:
        if path == "/attachment/status":
            body = json.loads(request.body)
            self.statuses[body["key"]] = body["status"]
            return _json({})
        if request.method == "GET":
            key = parse_qs(urlsplit(request.path).query).get("key", [""])[0]
            status = self.statuses.get(key, {"upload_status": "uploading"})
            return _json({"downloadUrl": f"{self.url}/blob/{key}?{SIGNATURE}", "status": status})
        key = json.loads(request.body)["key"]
        return _json({"signedUrl": f"{self.url}/blob/{key}?{SIGNATURE}", "headers": dict(self.storage)})

    def _blob(self, request: Request, key: str) -> Answer:
        if request.method == "GET":
            return Answer(body=self.stored[key]) if key in self.stored else Answer(status=404)
        if "authorization" in request.headers or "content-type" in request.headers:
            return Answer(status=403, body=b"the signature does not match")
        if any(request.headers.get(name) != value for name, value in self.storage.items()):
            return Answer(status=403, body=b"the signature does not match")
        self.stored[key] = request.body
        return Answer()


def _missing(kind: str) -> Answer:
    return Answer(status=404, body=f"Missing read access to {kind}".encode())


def _query(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}


def _json(value: Any) -> Answer:
    return Answer(body=json.dumps(value).encode(), headers={"content-type": "application/json"})
