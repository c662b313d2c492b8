"""Logging in: which organisation a key works for."""

from dataclasses import fields
from typing import Final

from spanscore._config import Settings
from spanscore.client._http import RestClient
from spanscore.errors import ConfigError, UnauthorizedError
from spanscore.wire.login import LOGIN_PATH, Organisation, chosen, organisations

DEFAULT_URL: Final = next(str(each.default) for each in fields(Settings) if each.name == "api_url")
"""Where the data of an account is of which nobody says otherwise."""


def log_in(client: RestClient) -> Organisation:
    """The organisation of the settings' name, else the first of the key.

    Raises what `find_organisation` raises, and ConfigError, which names the address of its data, if that is
    elsewhere and nobody has said so: spans are sent before anybody logs in.
    """
    organisation = find_organisation(client)
    _check_address(client, organisation)
    return organisation


def find_organisation(client: RestClient) -> Organisation:
    """The organisation of the settings' name, else the first of the key, wherever its data is.

    Raises UnauthorizedError, which names the places of a key, if it is missing, refused or belongs to nobody;
    ConfigError, which names the organisations that there are, if none has the name.
    """
    url = client.app_url + LOGIN_PATH
    found = organisations(client.request("POST", url, body=b"", is_idempotent=True))
    if not found:
        raise UnauthorizedError(f"{url} knows no organisation of this key; give another")
    wanted = client.settings.org_name
    organisation = chosen(found, wanted)
    if organisation is None:
        names = ", ".join(repr(each.name) for each in found)
        raise ConfigError(
            f"the key belongs to no organisation {wanted!r}, but to {names}; "
            "give one of these as org_name=… or BRAINTRUST_ORG_NAME"
        )
    return organisation


def _check_address(client: RestClient, organisation: Organisation) -> None:
    elsewhere = (organisation.api_url or "").rstrip("/")
    if elsewhere and client.api_url == DEFAULT_URL != elsewhere:
        raise ConfigError(
            f"the data of {organisation.name!r} is at {elsewhere}; set BRAINTRUST_API_URL={elsewhere}"
        )
