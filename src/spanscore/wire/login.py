"""Who a Braintrust key belongs to, as a login says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from spanscore.wire.repo import FIELDS_OF_A_REPO, GitMetadataSettings

LOGIN_PATH: Final = "/api/apikey/login"
"""Where to ask, at the address of the app."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation of a key, what it lets be told of a repository, and where its data and its proxy are.

    `git_metadata` None stands for an organisation that says nothing of it, and counts as nothing at all.
    """

    id: str
    name: str
    api_url: str | None = None
    git_metadata: GitMetadataSettings | None = None
    proxy_url: str | None = None


def organisations(answer: Any) -> list[Organisation]:
    """The organisations in the answer to a login, in its order; what is none is left out."""
    listed: Any = cast("Mapping[str, Any]", answer).get("org_info") if isinstance(answer, Mapping) else None
    found = cast("list[Any]", listed) if isinstance(listed, list) else []
    return [_organisation(cast("Mapping[str, Any]", each)) for each in found if isinstance(each, Mapping)]


def chosen(found: list[Organisation], name: str | None) -> Organisation | None:
    """The one of that name; the first if no name is given."""
    return next((each for each in found if name in (None, each.name)), None)


def _organisation(told: Mapping[str, Any]) -> Organisation:
    return Organisation(
        id=str(told.get("id")),
        name=str(told.get("name")),
        api_url=_address(told.get("api_url")),
        git_metadata=_git_metadata(told.get("git_metadata")),
        proxy_url=_address(told.get("proxy_url")),
    )


def _address(told: Any) -> str | None:
    return told if isinstance(told, str) and told else None


def _git_metadata(told: Any) -> GitMetadataSettings | None:
    if not isinstance(told, Mapping):
        return None
    settings = cast("Mapping[str, Any]", told)
    collect, listed = settings.get("collect"), settings.get("fields")
    if collect not in ("all", "none", "some"):
        return None
    # An account may know of fields that are not told here.
    given = cast("list[Any]", listed) if isinstance(listed, list) else []
    fields = [name for name in FIELDS_OF_A_REPO if name in given]
    return GitMetadataSettings(collect=collect, fields=fields)
