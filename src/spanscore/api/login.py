"""`login` and what it tells: whose account it is, and the adapter of all connections."""

from typing import TYPE_CHECKING

from spanscore.api._recording import ensure_recording
from spanscore.wire.login import Organisation

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter


def login(
    app_url: str | None = None,
    api_key: str | None = None,
    org_name: str | None = None,
    force_login: bool = False,  # noqa: FBT001, FBT002 - Braintrust's order
) -> Organisation:
    """The organisation of the account, with recording switched on; asked once, again with `force_login`.

    It need not be called: what needs an account logs in. Raises UnauthorizedError, which names the three
    places of a key, if the key is missing or refused; ConfigError if it is of no organisation `org_name`, or
    if this process records for another account already; RetryLaterError if nobody answers.
    """
    connection = ensure_recording(api_key=api_key, app_url=app_url, org_name=org_name)
    # Here and not at the top: only who asks for it needs an HTTP client.
    from spanscore.client import RestClient  # noqa: PLC0415
    from spanscore.client.login import log_in  # noqa: PLC0415

    if force_login or connection.account is None:
        return log_in(RestClient(connection.settings))
    return connection.account.registration.organisation


def org_id() -> str:
    """The id of the organisation of the account. Raises what `login` raises."""
    return login().id


def set_http_adapter(adapter: "BaseAdapter | None") -> None:
    """Have all connections of this library go through an adapter of `requests`; None is its own again.

    It is for proxies, certificates and pools of one's own. Attempts are this library's: an adapter that
    tries again, too, multiplies them.
    """
    # Here and not at the top: as above.
    from spanscore._http.adapter import ADAPTER  # noqa: PLC0415

    ADAPTER.chosen = adapter
