"""Two accounts of Braintrust's, each on a server of its own, and what each of them got.

Import it as `from two_accounts import Accounts, two_accounts`.
"""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from fake_braintrust import FakeBraintrust
from spanscore import GitMetadataSettings

NO_GIT = GitMetadataSettings(collect="none")
KEYS = ("sk-of-acme", "sk-of-globex")


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The servers; `acme` is the account of the environment."""

    acme: FakeBraintrust
    globex: FakeBraintrust

    @property
    def of_globex(self) -> dict[str, Any]:
        """The arguments that say which account it is."""
        return {"api_key": KEYS[1], "app_url": self.globex.url}


def account(server: FakeBraintrust, key: str, name: str) -> FakeBraintrust:
    """The server with this key and this organisation only."""
    server.keys = {key}
    server.organisations = [
        {
            "id": f"org-{name}",
            "name": name,
            "api_url": server.url,
            "proxy_url": f"{server.url}/proxy",
            "git_metadata": {"collect": "none"},
        }
    ]
    return server


@contextmanager
def two_accounts(monkeypatch: pytest.MonkeyPatch) -> Generator[Accounts]:
    """Both, with the variables of the one in the environment."""
    with FakeBraintrust() as acme, FakeBraintrust() as globex:
        for name, value in {"API_KEY": KEYS[0], "API_URL": acme.url, "APP_URL": acme.url}.items():
            monkeypatch.setenv(f"BRAINTRUST_{name}", value)
        yield Accounts(acme=account(acme, KEYS[0], "acme"), globex=account(globex, KEYS[1], "globex"))


def inputs(server: FakeBraintrust) -> list[object]:
    """The inputs of the spans that a server got, sorted."""
    found = [span["braintrust.input_json"] for span in server.spans() if "braintrust.input_json" in span]
    return sorted((json.loads(each) for each in found), key=str)


def parents(server: FakeBraintrust) -> set[str]:
    """The containers of the spans that a server got."""
    return {span["braintrust.parent"] for span in server.spans()}


def keys_used(server: FakeBraintrust) -> set[str]:
    """The keys that a server was shown."""
    found = {request.headers.get("authorization", "") for request in server.requests}
    return {each.removeprefix("Bearer ") for each in found if each}


def project_id(server: FakeBraintrust, name: str) -> str:
    """The id of a project of the server."""
    return next(each["id"] for each in server.projects if each["name"] == name)
