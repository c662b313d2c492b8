"""`login_to_state`: an account beside the one in force, and what it says of itself."""

from collections.abc import Iterator
from typing import Any

import pytest

from spanscore import (
    BraintrustState,
    Eval,
    GitMetadataSettings,
    init,
    init_dataset,
    init_logger,
    login_to_state,
    parent_context,
)
from spanscore.api._recording import connection_in_force
from spanscore.errors import ConfigError, ParentError, UnauthorizedError
from two_accounts import KEYS, Accounts, two_accounts

pytestmark = pytest.mark.core


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Accounts]:
    with two_accounts(monkeypatch) as both:
        yield both


def test_it_says_whose_account_it_is_and_records_nothing(accounts: Accounts) -> None:
    state = login_to_state(**accounts.of_globex)
    told = (state.logged_in, state.org_id, state.org_name, state.login_token)
    assert told == (True, "org-globex", "globex", KEYS[1])
    url = accounts.globex.url
    assert (state.app_url, state.api_url, state.proxy_url) == (url, url, f"{url}/proxy")
    assert state.git_metadata_settings == GitMetadataSettings(collect="none", fields=[])
    assert connection_in_force() is None
    assert accounts.acme.requests == []


def test_nothing_that_is_printed_has_the_key(accounts: Accounts) -> None:
    state = login_to_state(**accounts.of_globex)
    assert repr(state) == f"BraintrustState(org_name='globex', app_url='{accounts.globex.url}')"
    assert KEYS[1] not in repr(state.account)


def test_it_is_of_the_environment_unless_something_is_said(accounts: Accounts) -> None:
    assert login_to_state().org_name == "acme"
    with pytest.raises(ConfigError, match="no organisation 'globex', but to 'acme'"):
        login_to_state(org_name="globex")
    with pytest.raises(UnauthorizedError, match=r"Invalid API key.*BRAINTRUST_API_KEY.*\.env\.braintrust"):
        login_to_state(api_key="wrong")


def test_one_made_by_hand_knows_nothing_until_it_logs_in(accounts: Accounts) -> None:
    state = BraintrustState()
    known = (state.logged_in, state.org_id, state.org_name, state.login_token, state.api_url, state.app_url)
    assert known == (False, None, None, None, None, None)
    assert (state.proxy_url, state.git_metadata_settings) == (None, None)
    state.login(**accounts.of_globex)
    assert (state.org_name, BraintrustState().account.organisation.name) == ("globex", "acme")


def test_another_account_has_to_be_forced(accounts: Accounts) -> None:
    state = login_to_state(**accounts.of_globex)
    state.login(org_name="globex", **accounts.of_globex)
    assert len(accounts.globex.requests) == 1
    with pytest.raises(ConfigError, match="api_key: this state is logged in to another account"):
        state.login(api_key=KEYS[0])
    assert state.org_name == "globex"
    state.login(api_key=KEYS[0], force_login=True)
    assert state.org_name == "acme"


def test_data_is_where_the_login_says(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    assert login_to_state(**accounts.of_globex).api_url == accounts.globex.url
    # The variable is for the app of the environment: no key of another's is shown there.
    monkeypatch.setenv("BRAINTRUST_API_URL", "http://127.0.0.1:1")
    assert login_to_state().api_url == "http://127.0.0.1:1"
    assert login_to_state(**accounts.of_globex).api_url == accounts.globex.url
    monkeypatch.delenv("BRAINTRUST_API_URL")
    assert login_to_state().api_url == accounts.acme.url
    del accounts.globex.organisations[0]["api_url"]
    with pytest.raises(ConfigError, match="does not say where the data of 'globex' is"):
        login_to_state(**accounts.of_globex)


def test_what_is_no_state_is_refused() -> None:
    wrong: Any = object()
    for use in (
        lambda: init_logger("bot", state=wrong),
        lambda: init("p", state=wrong),
        lambda: init_dataset("p", state=wrong),
        lambda: Eval("p", [{"input": 1}], lambda input: input, [], state=wrong, quiet=True),
    ):
        with pytest.raises(ConfigError, match=r"state is object; give what login_to_state\(…\)"):
            use()


def test_a_state_and_another_account_are_too_much(accounts: Accounts) -> None:
    state = login_to_state(**accounts.of_globex)
    assert init_logger("bot", state=state, org_name="globex").org_id == "org-globex"
    with pytest.raises(ConfigError, match="org_name: this state is logged in to another account"):
        init_logger("bot", state=state, org_name="acme")


def test_a_parent_that_is_none_is_told(accounts: Accounts) -> None:
    state = login_to_state(**accounts.of_globex)
    with pytest.raises(ParentError), parent_context("nonsense:x", state=state):
        pass
    with parent_context(None, state=state):
        pass
