"""Logging in by hand."""

from collections.abc import Iterator

import pytest
from requests.adapters import HTTPAdapter

from fake_braintrust import KEY, FakeBraintrust
from spanscore import init_logger, login, org_id, set_http_adapter
from spanscore._http.adapter import ADAPTER
from spanscore.errors import ConfigError, UnauthorizedError

pytestmark = pytest.mark.core


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBraintrust]:
    with FakeBraintrust() as each:
        monkeypatch.setenv("BRAINTRUST_API_URL", each.url)
        monkeypatch.setenv("BRAINTRUST_APP_URL", each.url)
        yield each


def test_the_organisation_is_asked_for_once(server: FakeBraintrust) -> None:
    assert login(api_key=KEY).name == "first"
    assert org_id() == "org-1"
    assert init_logger("bot").org_id == "org-1"
    assert len(server.asked("/api/apikey/login")) == 1
    login(force_login=True)
    assert len(server.asked("/api/apikey/login")) == 2


def test_a_key_that_is_missing_or_wrong_is_told_here(server: FakeBraintrust) -> None:
    with pytest.raises(UnauthorizedError, match=r"api_key=.*BRAINTRUST_API_KEY.*\.env\.braintrust"):
        login()


def test_a_wrong_key_is_told_at_login_and_never_by_a_span(server: FakeBraintrust) -> None:
    logger = init_logger("bot", api_key="wrong-key")
    logger.start_span("a").end()
    with pytest.raises(UnauthorizedError, match="Invalid API key"):
        login()
    with pytest.raises(UnauthorizedError, match="Invalid API key"):
        init_logger("bot", force_login=True)


def test_an_organisation_that_there_is_not_is_told(server: FakeBraintrust) -> None:
    with pytest.raises(ConfigError, match="no organisation 'third', but to 'first', 'second'"):
        login(api_key=KEY, org_name="third")


def test_connections_go_through_an_adapter_of_the_programs_own() -> None:
    adapter = HTTPAdapter()
    set_http_adapter(adapter)
    assert ADAPTER.chosen is adapter
    set_http_adapter(None)
    assert ADAPTER.chosen is None
