"""`login` and what it tells: whose account it is, and the adapter of all connections."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from spanscore.api._recording import change_account, connection_in_force, ensure_recording, others_in
from spanscore.errors import ConfigError
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

    It need not be called: what needs an account logs in. With `force_login` the account in force may be
    replaced by another: what belongs nowhere else goes to that from now on, what is known to belong to the
    former one (its experiments, and loggers of a `project_id`) to that. `login_to_state` gives an account
    beside the one in force.

    Raises UnauthorizedError, which names the three places of a key, if the key is missing or refused;
    ConfigError if it is of no organisation `org_name`, or another than the account in force without
    `force_login`; RetryLaterError if nobody answers.
    """
    if force_login:
        connection = change_account(api_key=api_key, app_url=app_url, org_name=org_name)
    else:
        _check_account({"api_key": api_key, "app_url": app_url, "org_name": org_name})
        connection = ensure_recording(api_key=api_key, app_url=app_url, org_name=org_name)
    # Here and not at the top: only who asks for it needs an HTTP client.
    from spanscore.client import RestClient  # noqa: PLC0415
    from spanscore.client.login import log_in  # noqa: PLC0415

    if force_login or connection.account is None:
        return log_in(RestClient(connection.settings))
    return connection.account.registration.organisation


def _check_account(account: Mapping[str, str | None]) -> None:
    """Raise ConfigError if the connection in force is of another account."""
    connection = connection_in_force()
    asked = {name: value for name, value in account.items() if value is not None}
    if connection is not None and (other := others_in(connection.settings, asked)):
        raise ConfigError(
            f"{', '.join(other)}: this process records for another account already; "
            "login(…, force_login=True) replaces it, login_to_state(…) gives another beside it"
        )


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
