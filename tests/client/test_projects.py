"""Projects over a real socket."""

import json

import pytest

from fake_braintrust import FakeBraintrust
from http_sink import Answer
from spanscore.client import RestClient
from spanscore.client.projects import find_project, open_project, read_project
from spanscore.errors import NotFoundError, RejectedError

pytestmark = pytest.mark.core


def test_a_project_is_made_once_and_found_again(server: FakeBraintrust, client: RestClient) -> None:
    server.script.append(Answer(status=503))
    made = open_project(client, "bot", "first")
    assert made.name == "bot"
    assert open_project(client, "bot", "first") == made
    assert find_project(client, "bot") == made
    assert read_project(client, made.id) == made
    assert len(server.projects) == 1
    assert json.loads(server.requests[0].body) == {"name": "bot", "org_name": "first"}


def test_a_project_that_is_not_there(server: FakeBraintrust, client: RestClient) -> None:
    with pytest.raises(NotFoundError, match="no project 'none'"):
        find_project(client, "none")
    with pytest.raises(NotFoundError, match="Missing read access to project"):
        read_project(client, "0")
    server.script.append(Answer(body=b'{"id":3}'))
    with pytest.raises(RejectedError, match="answered with no project"):
        open_project(client, "bot")
