"""Where a Braintrust server's prompts and parameters are asked for, and where its last answers are kept."""

from hashlib import blake2b
from typing import TYPE_CHECKING

from spanscore._config import Settings
from spanscore.prompts import AnswerFolder

if TYPE_CHECKING:
    from spanscore.client import RestClient


def opened(settings: Settings, name: str) -> "tuple[RestClient, AnswerFolder]":
    """A client of the account, and its folder of that name. Raises UnauthorizedError without a key."""
    # Here and not at the top: a program without anything hosted needs no HTTP client for it.
    from spanscore.client import RestClient  # noqa: PLC0415

    client = RestClient(settings)
    return client, AnswerFolder(settings.home / name, _whose(client))


def _whose(client: "RestClient") -> str:
    """Who answers, without a secret: the server's address, a digest of the key, the organisation."""
    digest = blake2b(client.settings.require_api_key().encode(), digest_size=8).hexdigest()
    return f"{client.api_url}#{digest}#{client.settings.org_name or ''}"
