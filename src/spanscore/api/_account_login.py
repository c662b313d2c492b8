"""An account of Braintrust's that has been logged in to: its key, and where its data is."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from spanscore._config import Settings
from spanscore.errors import ConfigError
from spanscore.wire.login import Organisation

if TYPE_CHECKING:
    from spanscore._connect import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLogin:
    """A key that works for `organisation`, whose data is at `api_url`."""

    api_key: str = field(repr=False)
    app_url: str
    api_url: str
    organisation: Organisation

    def is_that_of(self, connection: "Connection") -> bool:
        """True if this is the account of a connection, whose own name of the organisation may be unknown.

        Raises what a login raises.
        """
        settings = connection.settings
        if settings.find_api_key() != self.api_key or settings.api_url != self.api_url:
            return False
        if connection.account is None or settings.org_name == self.organisation.name:
            return True
        return (
            settings.org_name is None
            and connection.account.registration.organisation.id == self.organisation.id
        )

    def over(self, settings: Settings) -> Settings:
        """These settings with spans going to this account, and to whatever else they name.

        Raises ConfigError if they name other destinations alone.
        """
        if not may_have_accounts(settings):
            named = ", ".join(settings.destinations or ()) or "exporters"
            raise ConfigError(
                f"spans are kept from Braintrust: destinations are {named} alone; "
                'add "braintrust" to those of setup(…) or SPANSCORE_DESTINATION to record for an account'
            )
        own = {"api_key": self.api_key, "app_url": self.app_url, "api_url": self.api_url}
        return for_braintrust(replace(settings, **own, org_name=self.organisation.name))


def may_have_accounts(settings: Settings) -> bool:
    """True unless the settings name destinations, and Braintrust is none of them."""
    return settings.destinations is None or "braintrust" in settings.destinations


def for_braintrust(settings: Settings) -> Settings:
    """These settings with Braintrust as destination where they name none."""
    return replace(settings, destinations=("braintrust",)) if settings.destinations is None else settings


def log_in_with(settings: Settings, *, beside: Settings) -> AccountLogin:
    """The account of the key of these settings, beside which others may be in use.

    Its data is where the login says it is; `settings.api_url` is for the app of `beside`, and goes before
    that. Raises UnauthorizedError, which names the three places of a key, if it is missing or refused;
    ConfigError if it is of no organisation of that name; RetryLaterError if nobody answers in time.
    """
    # Here and not at the top: only who logs in needs an HTTP client.
    from spanscore.client import RestClient  # noqa: PLC0415
    from spanscore.client.login import DEFAULT_URL, find_organisation  # noqa: PLC0415
    from spanscore.client.registration import DEADLINE_S  # noqa: PLC0415

    client = RestClient(settings)
    with client.within(DEADLINE_S):
        found = find_organisation(client)
    client.close()
    app_url = settings.app_url.rstrip("/")
    is_elsewhere = app_url != beside.app_url.rstrip("/")
    told = (found.api_url or "").rstrip("/")
    if is_elsewhere and not told:
        raise ConfigError(f"the login at {app_url} does not say where the data of {found.name!r} is")
    is_free = is_elsewhere or settings.api_url.rstrip("/") == DEFAULT_URL
    api_url = told if told and is_free else settings.api_url.rstrip("/")
    return AccountLogin(
        api_key=settings.require_api_key(), app_url=app_url, api_url=api_url, organisation=found
    )
