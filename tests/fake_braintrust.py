"""Braintrust's interface as far as spans and attachments need it, over a real socket.

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

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from http_sink import Answer, HttpSink, Request
from spanscore._config import Settings

KEY = "sk-braintrust-never-to-be-seen"
SIGNATURE = "signature-never-to-be-seen"


class FakeBraintrust(HttpSink):
    """Keeps rows and bytes. `before` may answer a request in the place of the server; None lets it go on.

    `storage` are the headers that a PUT has to have besides. `organisations` are those of the key.
    """

    def __init__(self) -> None:
        super().__init__()
        self.answer = self._answered
        self.before: Callable[[Request], Answer | None] = lambda _request: None
        self.storage: Mapping[str, str] = {"x-stored-as": "blob"}
        self.organisations = [{"id": "org-1", "name": "first"}, {"id": "org-2", "name": "second"}]
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
        if path == "/api/apikey/login":
            return _json({"org_info": self.organisations})
        if path == "/attachment/status":
            body = json.loads(request.body)
            self.statuses[body["key"]] = body["status"]
            return _json({})
        if path == "/attachment":
            return self._attachment(request)
        return Answer()

    def _attachment(self, request: Request) -> Answer:
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


def _json(value: Any) -> Answer:
    return Answer(body=json.dumps(value).encode(), headers={"content-type": "application/json"})
