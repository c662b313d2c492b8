"""The ids of Braintrust projects by name."""

from collections.abc import Mapping

from spanscore._http.sender import HttpSender
from spanscore._json import from_json, to_json
from spanscore.errors import RetryLaterError


class Projects:
    """Asks Braintrust for a project's id, once for each name and key; a project that is not there is made."""

    def __init__(self, sender: HttpSender, api_url: str, org_name: str | None) -> None:
        self._sender = sender
        self._url = f"{api_url}/v1/project"
        self._org = {"org_name": org_name} if org_name else {}
        self._ids: dict[tuple[str, str], str] = {}

    def id_of(self, name: str, authorization: Mapping[str, str]) -> str:
        """The id of the project `name`. Raises what `HttpSender.post` raises."""
        key = name, authorization["authorization"]
        found = self._ids.get(key)
        if found is None:
            found = self._ids[key] = self._ask(name, authorization)
        return found

    def _ask(self, name: str, authorization: Mapping[str, str]) -> str:
        body = to_json({"name": name, **self._org}).encode()
        answer = self._sender.post(body, url=self._url, headers=authorization)
        try:
            found = from_json(answer.content)["id"]
        except (ValueError, KeyError, TypeError, IndexError):
            found = None
        if not isinstance(found, str) or not found:
            raise RetryLaterError(f"{self._url} answered {answer.status} without the id of project {name!r}")
        return found
