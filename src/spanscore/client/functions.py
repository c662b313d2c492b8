"""The resource `function` of the REST interface, and the calls of functions."""

from collections.abc import Mapping
from typing import Any, Final

from opentelemetry import context as otel_context
from requests import RequestException, Response, Session

from spanscore._http.adapter import ADAPTER
from spanscore._http.answers import Answer
from spanscore._http.sender import address, secrets_of, without
from spanscore._json import from_json, to_json
from spanscore.client._http import RestClient, error_of
from spanscore.client.events import EventStream
from spanscore.client.projects import objects_in
from spanscore.errors import InvokeError, NotFoundError, RejectedError, SpanscoreError, UnauthorizedError
from spanscore.tracing._unwatched import unwatched

_MOST_BYTES: Final = 64 << 20
_CONNECT_S: Final = 10.0
_ANSWER_S: Final = 600.0
_ADDRESSES: Final = ("https://", "http://")


def invoke(client: RestClient, body: Mapping[str, Any], *, project_id: str | None = None) -> Any:
    """What the function returns, or an EventStream if the body asks for a stream; `POST /function/invoke`.

    Asked once, because a function may have effects. `project_id` says where it runs. Raises InvokeError with
    what the server says, UnauthorizedError and NotFoundError.
    """
    is_stream = bool(body.get("stream"))
    response = _posted(client, body, {} if project_id is None else {"x-bt-project-id": project_id})
    if not response.ok:
        raise _refused(response, client.key())
    if is_stream:
        return EventStream(response)
    try:
        return from_json(response.content)
    except (ValueError, RequestException) as error:
        raise InvokeError(f"{address(response.url)} answered with what is no JSON: {error}") from error


def pinned(client: RestClient, query: Mapping[str, Any]) -> tuple[str, str]:
    """Id and version of the function that an environment has, `GET /v1/function`. Raises NotFoundError."""
    found = objects_in(client.get("/v1/function", query))
    if not found:
        raise NotFoundError(f"there is no such function on {client.api_url}: {dict(query)}")
    function_id, version = found[0].get("id"), found[0].get("_xact_id")
    if not isinstance(function_id, str) or not isinstance(version, str):
        raise RejectedError(f"the service answered with no function: {found[0]!r:.200}")
    return function_id, version


def _posted(client: RestClient, body: Mapping[str, Any], further: Mapping[str, str]) -> Response:
    url = f"{client.api_url}/function/invoke"
    headers = {
        "authorization": f"Bearer {client.key()}",
        "content-type": "application/json",
        "accept": "text/event-stream" if body.get("stream") else "application/json",
        "accept-encoding": "identity",
        **further,
    }
    if client.settings.org_name:
        headers["x-bt-org-name"] = client.settings.org_name
    token = otel_context.attach(unwatched())
    try:
        return _session().post(
            url,
            data=to_json(body, max_bytes=_MOST_BYTES, redact=False).encode(),
            headers=headers,
            auth=_as_it_is,
            stream=True,
            timeout=(_CONNECT_S, _ANSWER_S),
            allow_redirects=False,
        )
    except RequestException as error:
        raise InvokeError(f"{address(url)} cannot be reached: {type(error).__name__}") from error
    finally:
        otel_context.detach(token)


def _session() -> Session:
    session = Session()
    if ADAPTER.chosen is not None:
        for beginning in _ADDRESSES:
            session.mount(beginning, ADAPTER.chosen)
    return session


def _refused(response: Response, key: str) -> SpanscoreError:
    answered = {key.lower(): value for key, value in response.headers.items()}
    answer = Answer(response.status_code, answered, _said(response))
    error = without(error_of(answer, address(response.url)), secrets_of("", [("authorization", key)]))
    return error if isinstance(error, (UnauthorizedError, NotFoundError)) else InvokeError(str(error))


def _said(response: Response) -> bytes:
    try:
        return response.content
    except RequestException:
        # The status decides; it is known by then.
        return b""


def _as_it_is(request: Any) -> Any:
    """No password of ~/.netrc in place of the key."""
    return request
