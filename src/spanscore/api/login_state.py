"""`login_to_state` and the account that it gives: several may be used in one process."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from spanscore._config import Settings
from spanscore.api._account_login import AccountLogin, log_in_with
from spanscore.api._recording import connection_of, place_in
from spanscore.errors import ConfigError
from spanscore.tracing import RemoteParent
from spanscore.wire.parent import Parent
from spanscore.wire.slug import Slug

if TYPE_CHECKING:
    from spanscore.wire.repo import GitMetadataSettings


class BraintrustState:
    """An account of Braintrust's, to be given as `state` to `Eval`, `init`, `init_logger` and others.

    Made by `login_to_state`. What it says is None until it is logged in to. It shows its key to who asks for
    `login_token`, and nowhere else.
    """

    def __init__(self) -> None:
        self._account: AccountLogin | None = None

    def login(
        self,
        app_url: str | None = None,
        api_key: str | None = None,
        org_name: str | None = None,
        force_login: bool = False,  # noqa: FBT001, FBT002 - Braintrust's order
    ) -> None:
        """Log in; what is not given comes from the environment. Once is enough, unless `force_login`.

        What was made with this state before stays with the account that it had. Raises ConfigError where
        another account is asked for without `force_login`, and what `login_to_state` raises.
        """
        given = {"app_url": app_url, "api_key": api_key, "org_name": org_name}
        asked = {name: value for name, value in given.items() if value is not None}
        if self._account is None or force_login:
            self._account = log_in_with(Settings.from_env(**asked), beside=Settings.from_env())
        elif other := [
            name for name, value in asked.items() if value.strip().rstrip("/") != self._known(name)
        ]:
            raise ConfigError(
                f"{', '.join(other)}: this state is logged in to another account; "
                "login_to_state(…) makes a state of its own, force_login=True changes this one"
            )

    def _known(self, name: str) -> str | None:
        return {"app_url": self.app_url, "api_key": self.login_token, "org_name": self.org_name}[name]

    @property
    def account(self) -> AccountLogin:
        """The account; one that is not logged in to yet is now, by the environment."""
        if self._account is None:
            self.login()
        assert self._account is not None
        return self._account

    def place(self, parent: Any) -> Any:
        """`parent`, as `start_span` takes it, in the container's place in this account.

        Spans in that container go to this account from now on; a project that is known by name is looked for
        or made. Raises ParentError, ConfigError if the container is another account's, and what a login does.
        """
        connection = connection_of(self.account)
        if isinstance(parent, RemoteParent) and parent.parent is not None:
            return replace(parent, parent=str(place_in(connection, Parent.parse(parent.parent))))
        if not isinstance(parent, str) or not parent:
            return parent
        if ":" in parent:
            return str(place_in(connection, Parent.parse(parent)))
        slug = Slug.parse(parent)
        return str(replace(slug, parent=place_in(connection, slug.parent)))

    @property
    def logged_in(self) -> bool:
        """True once it is known whose key it is."""
        return self._account is not None

    @property
    def login_token(self) -> str | None:
        """The key."""
        return None if self._account is None else self._account.api_key

    @property
    def app_url(self) -> str | None:
        """The address of the app."""
        return None if self._account is None else self._account.app_url

    @property
    def api_url(self) -> str | None:
        """The address of the account's data."""
        return None if self._account is None else self._account.api_url

    @property
    def proxy_url(self) -> str | None:
        """The address of the account's proxy to model providers, if it has one."""
        return None if self._account is None else self._account.organisation.proxy_url

    @property
    def org_id(self) -> str | None:
        """The id of the organisation."""
        return None if self._account is None else self._account.organisation.id

    @property
    def org_name(self) -> str | None:
        """The name of the organisation."""
        return None if self._account is None else self._account.organisation.name

    @property
    def git_metadata_settings(self) -> "GitMetadataSettings | None":
        """What the organisation lets be told of a repository."""
        return None if self._account is None else self._account.organisation.git_metadata

    def __repr__(self) -> str:
        return f"BraintrustState(org_name={self.org_name!r}, app_url={self.app_url!r})"


def login_to_state(
    app_url: str | None = None, api_key: str | None = None, org_name: str | None = None
) -> BraintrustState:
    """An account of Braintrust's beside the one in force, logged in to; to be given as `state`.

    What is not given comes from the environment. Nothing is recorded for it until something is made with it.
    Its data is where the login says it is; BRAINTRUST_API_URL counts where `app_url` is that of the
    environment. Raises UnauthorizedError, which names the three places of a key, if it is missing or refused;
    ConfigError if it is of no organisation `org_name`; RetryLaterError if nobody answers within 30 seconds.

    >>> # state = login_to_state(api_key="…", org_name="another team")
    >>> # Eval("greetings", data, task, scores, state=state)
    """
    state = BraintrustState()
    state.login(app_url=app_url, api_key=api_key, org_name=org_name)
    return state


def account_of(state: object, **asked: str | None) -> AccountLogin | None:
    """The account of what a program gives as `state`; None for None.

    Raises ConfigError for what is no state, and for another account than is `asked` for besides.
    """
    if state is None:
        return None
    if not isinstance(state, BraintrustState):
        raise ConfigError(f"state is {type(state).__name__}; give what login_to_state(…) has returned")
    state.login(asked.get("app_url"), asked.get("api_key"), asked.get("org_name"))
    return state.account
