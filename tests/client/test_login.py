"""Which organisation a key works for."""

from pathlib import Path

import pytest

from fake_braintrust import KEY, FakeBraintrust
from http_sink import Answer
from spanscore._config import Settings
from spanscore.client import RestClient
from spanscore.client.login import log_in
from spanscore.errors import ConfigError, UnauthorizedError
from spanscore.wire.login import Organisation
from spanscore.wire.repo import GitMetadataSettings

pytestmark = pytest.mark.core


def test_the_first_organisation_is_taken(server: FakeBraintrust, client: RestClient) -> None:
    server.organisations[0] |= {
        "api_url": server.url,
        "git_metadata": {"collect": "some", "fields": ["commit"]},
    }
    settings = GitMetadataSettings(collect="some", fields=["commit"])
    assert log_in(client) == Organisation(id="org-1", name="first", api_url=server.url, git_metadata=settings)
    assert [request.body for request in server.asked("/api/apikey/login")] == [b""]


def test_the_one_of_that_name_is_taken(server: FakeBraintrust, tmp_path: Path) -> None:
    client = RestClient(server.settings(tmp_path, org_name="second"))
    assert log_in(client) == Organisation(id="org-2", name="second")


def test_a_name_that_no_organisation_has_is_told_with_those_that_there_are(
    server: FakeBraintrust, tmp_path: Path
) -> None:
    client = RestClient(server.settings(tmp_path, org_name="third"))
    with pytest.raises(ConfigError, match=r"no organisation 'third', but to 'first', 'second'; .*org_name="):
        log_in(client)


def test_a_key_of_nobody_is_refused(server: FakeBraintrust, client: RestClient) -> None:
    server.organisations = []
    with pytest.raises(UnauthorizedError, match="knows no organisation of this key"):
        log_in(client)


def test_a_wrong_key_is_told_with_the_places_for_it(server: FakeBraintrust, tmp_path: Path) -> None:
    client = RestClient(server.settings(tmp_path, api_key="wrong-key"))
    with pytest.raises(UnauthorizedError, match=r"Invalid API key; .*BRAINTRUST_API_KEY") as failure:
        log_in(client)
    assert "wrong-key" not in str(failure.value)


def test_a_server_in_trouble_is_asked_again(server: FakeBraintrust, client: RestClient) -> None:
    server.script += [Answer(status=502), Answer(drop=True)]
    assert log_in(client).name == "first"


def test_data_elsewhere_is_told_where_nobody_has_said_so(server: FakeBraintrust, tmp_path: Path) -> None:
    server.organisations[0]["api_url"] = "https://api-eu.example"
    unsaid = Settings.from_env(home=tmp_path, api_key=KEY, app_url=server.url)
    with pytest.raises(ConfigError, match=r"is at https://api-eu\.example; set BRAINTRUST_API_URL="):
        log_in(RestClient(unsaid))
    assert log_in(RestClient(server.settings(tmp_path))).name == "first"
