"""What the settings of an account beside the one in force are."""

from pathlib import Path

import pytest

from spanscore._config import Settings
from spanscore._connect import connect
from spanscore.api._account_login import AccountLogin, for_braintrust, may_have_accounts
from spanscore.errors import ConfigError
from spanscore.wire.login import Organisation

pytestmark = pytest.mark.core

LOGIN = AccountLogin(
    api_key="sk-of-globex",
    app_url="https://app.globex.example",
    api_url="https://api.globex.example",
    organisation=Organisation(id="org-globex", name="globex"),
)


def test_they_are_those_in_force_but_for_the_account(tmp_path: Path) -> None:
    settings = LOGIN.over(Settings.from_env(home=tmp_path, durability="window", project="bot"))
    assert (settings.home, settings.durability, settings.project) == (tmp_path, "window", "bot")
    assert (settings.api_key, settings.org_name) == ("sk-of-globex", "globex")
    assert (settings.app_url, settings.api_url) == (LOGIN.app_url, LOGIN.api_url)
    assert settings.destinations == ("braintrust",)


def test_destinations_that_are_named_stay() -> None:
    named = Settings.from_env(destinations=["local", "braintrust"])
    assert LOGIN.over(named).destinations == ("local", "braintrust")
    assert for_braintrust(named) is named
    for names in (["local"], ["otlp"], []):
        settings = Settings.from_env(destinations=names)
        assert not may_have_accounts(settings)
        with pytest.raises(ConfigError, match="spans are kept from Braintrust"):
            LOGIN.over(settings)


def test_an_account_is_known_by_key_address_and_organisation(tmp_path: Path) -> None:
    settings = LOGIN.over(Settings.from_env(home=tmp_path))
    assert LOGIN.is_that_of(connect(settings))
    for change in ({"api_key": "other"}, {"api_url": "https://other.example"}, {"org_name": "other"}):
        given = {"api_key": LOGIN.api_key, "api_url": LOGIN.api_url, "org_name": "globex", **change}
        assert not LOGIN.is_that_of(connect(Settings.from_env(home=tmp_path, **given)))


def test_it_does_not_show_the_key() -> None:
    assert "sk-of-globex" not in repr(LOGIN)
