"""The accounts that this process records for, one in force and others beside it, and what belongs to whom."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from spanscore._config import Settings
from spanscore.api._account_login import for_braintrust, may_have_accounts
from spanscore.errors import ConfigError

if TYPE_CHECKING:
    from spanscore._connect import Connection
    from spanscore.api._account_login import AccountLogin
    from spanscore.delivery import Outbox
    from spanscore.delivery._routing import Routing


class Seat:
    """One account with its connection of now."""

    def __init__(self, accounts: "Accounts", settings: Settings, options: Mapping[str, Any]) -> None:
        self._accounts = accounts
        self.projects: dict[str, str] = {}
        self.connection = self._opened(settings, options)

    def _opened(self, settings: Settings, options: Mapping[str, Any]) -> "Connection":
        # Here and not at the top: what is not recorded need not be delivered.
        from spanscore._connect import connect  # noqa: PLC0415

        return connect(settings, **options, placed=lambda parent: self._accounts.place(parent, self))

    def move(self, settings: Settings, options: Mapping[str, Any]) -> None:
        """Have another connection, of the same account, by these settings."""
        own = self.connection.settings
        names = {name: getattr(own, name) for name in ("app_url", "api_url", "org_name")}
        moved = replace(settings, **names, api_key=own.find_api_key())
        self.connection = self._opened(for_braintrust(moved), options)

    def go_on_for(self, former: "Outbox") -> None:
        """Have the embedded store get what evals that run now are to find there."""
        # Here and not at the top: as above.
        from spanscore._connect import open_store  # noqa: PLC0415

        self.connection.outbox.go_on_for(former, open_store(self.connection.settings))

    def is_same_account(self, other: "Seat") -> bool:
        """True if what belongs to the one may be sent by the other."""
        return _key_of(self.connection) == _key_of(other.connection)


class Accounts:
    """Which connections there are, and which containers are whose."""

    def __init__(self) -> None:
        self.routing: Routing | None = None
        self._in_force: Seat | None = None
        self._beside: list[Seat] = []
        self._owners: dict[str, Seat] = {}
        self._ways: dict[str, Outbox] = {}
        self._options: Mapping[str, Any] = {}

    @property
    def in_force(self) -> "Connection | None":
        """The connection of what belongs to no other."""
        return None if self._in_force is None else self._in_force.connection

    def connections(self) -> "list[Connection]":
        """All of them, the one in force first."""
        seats = self._beside if self._in_force is None else [self._in_force, *self._beside]
        return [seat.connection for seat in seats]

    def connection_at(self, parent: str) -> "Connection | None":
        """The connection of the container's account, as far as that is known."""
        owner = self._owners.get(parent)
        return None if owner is None else owner.connection

    def begin(self, settings: Settings, options: Mapping[str, Any]) -> "list[Outbox]":
        """The outboxes to be closed for the connection by these settings that is in force now.

        Other accounts go on beside it, by these settings too. So does the one that was in force, if it is
        another and anything is known to belong to it.
        """
        seat, stale = Seat(self, settings, options), [each.outbox for each in self.connections()]
        kept = self._kept_beside(seat) if may_have_accounts(settings) else []
        for each in kept:
            each.move(settings, options)
        for new, former in ((new, former) for new in (seat, *kept) for former in stale):
            new.go_on_for(former)
        # Other threads may be placing theirs; of a copy made in one step none is missing.
        self._owners.update(
            {parent: seat for parent, owner in tuple(self._owners.items()) if owner not in kept}
        )
        self._in_force, self._beside, self._options = seat, kept, options
        self._route()
        return stale

    def _kept_beside(self, seat: Seat) -> list[Seat]:
        before = self._in_force
        if before is None or before.connection.account is None or before.is_same_account(seat):
            return self._beside
        return [*self._beside, before] if before in self._owners.values() else self._beside

    def add(self, login: "AccountLogin") -> "Connection":
        """The connection of an account, made if there is none. Raises ConfigError if there may be none."""
        for each in self.connections():
            if login.is_that_of(each):
                return each
        assert self._in_force is not None
        seat = Seat(self, login.over(self._in_force.connection.settings), self._options)
        self._beside = [*self._beside, seat]
        if self.routing is None:
            self._route()
        return seat.connection

    def place(self, parent: str, owner: Seat) -> None:
        """Take note of whose the container is. Raises ConfigError if it is another account's already."""
        known = self._owners.get(parent)
        if known is not None and known is not owner and not known.is_same_account(owner):
            raise ConfigError(
                f"{parent} is recorded for another account already, by another key; "
                "a container has one account in a process"
            )
        self._owners[parent] = owner
        if self.routing is not None:
            self._ways[parent] = owner.connection.outbox

    def place_at(self, parent: str, connection: "Connection") -> None:
        """`place` for the account of a connection."""
        seat = self._seat_of(connection)
        if seat is not None:
            self.place(parent, seat)

    def project_id(self, name: str, connection: "Connection") -> str:
        """The id of a project in the account of a connection, asked for once; made if it is not there."""
        seat = self._seat_of(connection)
        known = None if seat is None else seat.projects.get(name)
        if known is None:
            known = connection.backend.open_project(name, None).id
            if seat is not None:
                seat.projects[name] = known
        return known

    def _seat_of(self, connection: "Connection") -> Seat | None:
        return next((each for each in self._beside if each.connection is connection), self._in_force)

    def _route(self) -> None:
        if not self._beside or self._in_force is None:
            self.routing = None
            return
        # Here and not at the top: nearly all processes record for one account.
        from spanscore.delivery._routing import Routing  # noqa: PLC0415

        owners = tuple(self._owners.items())
        self._ways.update({parent: owner.connection.outbox for parent, owner in owners})
        self.routing = Routing(self._in_force.connection.outbox, self._ways)


def _key_of(connection: "Connection") -> tuple[str | None, str]:
    return connection.settings.find_api_key(), connection.settings.api_url.rstrip("/")
