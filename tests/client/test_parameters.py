"""Sets of parameters over the REST interface."""

import json
from pathlib import Path

import pytest

from http_sink import Answer, HttpSink
from spanscore._config import Settings
from spanscore.client import RestClient
from spanscore.client.parameters import fetch_parameters
from spanscore.errors import NotFoundError
from spanscore.wire.hosted import HostedQuery

pytestmark = pytest.mark.core

QUERY = HostedQuery(project="bot", slug="tuning", environment="live", kind="set of parameters")


def test_it_is_a_function(tmp_path: Path) -> None:
    with HttpSink() as sink:
        client = RestClient(Settings.from_env(home=tmp_path, api_key="sk", api_url=sink.url))
        sink.script += [
            Answer(body=json.dumps({"objects": [{"id": "f1"}]}).encode()),
            Answer(body=b'{"objects":[]}'),
        ]
        assert fetch_parameters(client, QUERY) == {"id": "f1"}
        with pytest.raises(NotFoundError, match="there is no set of parameters bot/tuning of live on "):
            fetch_parameters(client, QUERY)
        assert sink.requests[0].path == "/v1/function?project_name=bot&slug=tuning&environment=live"
