"""The connections of this process: one in force, made by the first front door that needs it, and others."""

import os
import threading
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace.export import SpanExporter
from opentelemetry.trace import TracerProvider

from spanscore._config import Settings
from spanscore._json import CREDENTIALS
from spanscore.api._account_login import log_in_with
from spanscore.api._accounts import Accounts
from spanscore.tracing import RECORDING, budget_of
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.slug import Slug

if TYPE_CHECKING:
    from spanscore._connect import Connection
    from spanscore.api._account_login import AccountLogin
    from spanscore.delivery import Outbox, TailSampling


class _InForce:
    """What is in force, and the lock that guards its making.

    `logins` are those of accounts that were asked for by key, address and organisation.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.accounts = Accounts()
        self.logins: dict[tuple[str | None, ...], AccountLogin] = {}
        self.provider: TracerProvider | None = None
        self.options: Mapping[str, Any] = {}
        self.others: weakref.WeakSet[Outbox] = weakref.WeakSet()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._renew_lock)

    def _renew_lock(self) -> None:
        # A thread that the forked child does not have may have held it.
        self.lock = threading.RLock()

    def close(self) -> None:
        accounts, self.accounts = self.accounts, Accounts()
        self.logins.clear()
        _close([connection.outbox for connection in accounts.connections()])


_in_force = _InForce()


def ensure_recording(
    *,
    api_key: str | None = None,
    app_url: str | None = None,
    org_name: str | None = None,
    login: "AccountLogin | None" = None,
) -> "Connection":
    """The connection in force; makes one from the environment and switches recording on if there is none.

    If another account is asked for than that in force, it is the connection of that account beside it, of
    which `place_in` and `register_experiment` say what belongs to it. `login` names it, whatever else is
    given; else it is logged in to the first time: raises what `login_to_state` raises, and ConfigError if the
    settings keep spans from Braintrust.
    """
    if login is not None:
        return connection_of(login)
    account = {"api_key": api_key, "app_url": app_url, "org_name": org_name}
    asked = {name: value for name, value in account.items() if value is not None}
    with _in_force.lock:
        connection = _in_force.accounts.in_force
        if connection is None:
            return _start(Settings.from_env(**asked), provider=None, options={})
    if not others_in(connection.settings, asked):
        return connection
    return connection_of(login_of(connection.settings, asked))


def connection_of(login: "AccountLogin") -> "Connection":
    """The connection of an account: that in force, or else one beside it, which is made if there is none."""
    with _in_force.lock:
        known = _started().connections()
    # Asks who the key of the one in force belongs to, where nobody has yet: others need not wait for that.
    found = next((each for each in known if login.is_that_of(each)), None)
    if found is not None:
        return found
    with _in_force.lock:
        accounts = _started()
        is_alone, connection = accounts.routing is None, accounts.add(login)
        if is_alone and accounts.routing is not None:
            RECORDING.divert(accounts.routing.instead_of)
            RECORDING.permalink = _page
        return connection


def _started() -> Accounts:
    """The accounts, of which one is in force."""
    if _in_force.accounts.in_force is None:
        _start(Settings.from_env(), provider=None, options={})
    return _in_force.accounts


def others_in(settings: Settings, asked: Mapping[str, str]) -> list[str]:
    """The names of what is asked for and is not so in the settings."""
    in_force = {"api_key": settings.find_api_key() if "api_key" in asked else None}
    in_force |= {"app_url": settings.app_url.rstrip("/"), "org_name": settings.org_name}
    return [name for name, value in asked.items() if value.strip().rstrip("/") != in_force[name]]


def login_of(settings: Settings, asked: Mapping[str, str]) -> "AccountLogin":
    """The account that is asked for beside the one of these settings; logged in to once.

    With another key the organisation and the app are those of the environment, if they are not given.
    """
    if "api_key" not in others_in(settings, asked):
        known = {
            "api_key": settings.find_api_key(),
            "app_url": settings.app_url,
            "org_name": settings.org_name,
        }
        asked = {**{name: value for name, value in known.items() if value is not None}, **asked}
    return _logged_in(Settings.from_env(**asked, api_url=settings.api_url), settings)


def at_its_address(settings: Settings) -> Settings:
    """These settings with the address of the account's data, where the app is not that of the environment.

    Raises what a login raises.
    """
    environment = Settings.from_env()
    if settings.app_url == environment.app_url:
        return settings
    return replace(settings, api_url=_logged_in(settings, environment).api_url)


def _logged_in(settings: Settings, beside: Settings) -> "AccountLogin":
    which = settings.find_api_key(), settings.app_url, settings.org_name
    login = _in_force.logins.get(which)
    if login is None:
        login = _in_force.logins[which] = log_in_with(settings, beside=beside)
    return login


def connection_at(parent: str) -> "Connection":
    """The connection of the account that the container belongs to, as far as known; else the one in force."""
    return _in_force.accounts.connection_at(parent) or ensure_recording()


def known_connection_at(parent: str) -> "Connection | None":
    """The same, None while nothing has switched recording on."""
    return _in_force.accounts.connection_at(parent) or _in_force.accounts.in_force


def place_in(connection: "Connection", parent: Parent) -> Parent:
    """The container, whose spans and updates go to the account of that connection from now on.

    A project of an account beside the one in force is known by its id: the name may be another's, too. It is
    made if it is not there. Raises ConfigError if the container is another account's, and what a login does.
    """
    accounts = _in_force.accounts
    is_named = parent.kind is ParentKind.PROJECT_NAME
    if is_named and connection is accounts.in_force:
        return parent
    if is_named:
        parent = Parent(ParentKind.PROJECT_ID, accounts.project_id(parent.value, connection))
    accounts.place_at(str(parent), connection)
    return parent


def record_by(connection: "Connection") -> None:
    """Have recording be on and go by this connection; other accounts beside it keep what is theirs."""
    accounts = _in_force.accounts
    sink = accounts.routing if accounts.in_force is connection else None
    if RECORDING.sink is not (sink or connection.outbox):
        RECORDING.switch_on(sink or connection.outbox, connection.settings)


def start_recording(
    *,
    provider: TracerProvider | None,
    exporters: Sequence[SpanExporter] = (),
    tail: "TailSampling | None" = None,
    **overrides: Any,
) -> "Connection":
    """Switch recording on with these settings, in place of those in force."""
    settings = Settings.from_env(**overrides)
    with _in_force.lock:
        return _start(settings, provider=provider, options={"exporters": exporters, "tail": tail})


def change_account(
    *, api_key: str | None = None, app_url: str | None = None, org_name: str | None = None
) -> "Connection":
    """The connection in force, which is of that account from now on, with everything else as it is.

    What is known to belong to the former account goes on to it. Raises what a login raises, and leaves
    everything as it is then.
    """
    account = {"api_key": api_key, "app_url": app_url, "org_name": org_name}
    asked = {name: value for name, value in account.items() if value is not None}
    in_force = _in_force.accounts.in_force
    if in_force is None or not others_in(in_force.settings, asked):
        return ensure_recording(api_key=api_key, app_url=app_url, org_name=org_name)
    login = login_of(in_force.settings, asked)
    with _in_force.lock:
        return _start(login.over(in_force.settings), provider=_in_force.provider, options=_in_force.options)


def stop_recording() -> None:
    """Switch recording off; what waits is delivered first, for as long as the end of a process would wait."""
    with _in_force.lock:
        RECORDING.switch_off()
        _in_force.close()
        _in_force.others.clear()


def connection_in_force() -> "Connection | None":
    """The connection, or None while nothing has switched recording on."""
    return _in_force.accounts.in_force


def outboxes_in_use() -> "list[Outbox]":
    """Where finished spans go: by the connections of all accounts, and by processors of the program."""
    own = [connection.outbox for connection in _in_force.accounts.connections()]
    return own + [outbox for outbox in _in_force.others if outbox not in own]


def flush_with_others(outbox: "Outbox") -> None:
    """Have `flush` wait for the outbox of a processor too, for as long as somebody holds it."""
    _in_force.others.add(outbox)


def _start(
    settings: Settings, *, provider: TracerProvider | None, options: Mapping[str, Any]
) -> "Connection":
    # Here and not at the top: what is not recorded need not be delivered.
    from spanscore.delivery import MASKING  # noqa: PLC0415

    accounts = _in_force.accounts
    stale = accounts.begin(settings, options)
    connection = accounts.in_force
    assert connection is not None
    _in_force.provider, _in_force.options = provider, options
    CREDENTIALS.is_on = settings.redact
    MASKING.max_bytes = budget_of(settings)
    RECORDING.switch_on(accounts.routing or connection.outbox, connection.settings, provider=provider)
    if accounts.routing is not None:
        RECORDING.divert(accounts.routing.instead_of)
        RECORDING.permalink = _page
    else:
        RECORDING.permalink = None if connection.account is None else connection.account.span_page
    _close(stale)
    return connection


def _page(exported: str) -> str:
    """Where to look at a span, in the account of its container."""
    slug = Slug.parse(exported)
    connection = known_connection_at(str(slug.parent))
    if connection is None or connection.account is None:
        return f"spanscore trace {slug.trace_id or 0:032x}"
    return connection.account.span_page(exported)


def _close(outboxes: "list[Outbox]") -> None:
    if outboxes:
        # Here and not at the top: as above.
        from spanscore.delivery._routing import close_all  # noqa: PLC0415

        close_all(outboxes)
