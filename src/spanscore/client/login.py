"""Logging in: which organisation a key works for."""

from spanscore.client._http import RestClient
from spanscore.errors import ConfigError, UnauthorizedError
from spanscore.wire.login import LOGIN_PATH, Organisation, chosen, organisations


def log_in(client: RestClient) -> Organisation:
    """The organisation of the settings' name, else the first of the key.

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
