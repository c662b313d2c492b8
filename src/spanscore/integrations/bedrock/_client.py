"""Clients of the Bedrock Runtime whose calls are recorded, one by one or all of them."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from botocore.eventstream import EventStream  # pyright: ignore[reportMissingTypeStubs] - it has none

from spanscore import tracing
from spanscore.integrations import _span_info
from spanscore.integrations._call import Call
from spanscore.integrations._endpoint import Endpoint, Provider, Request
from spanscore.integrations._function import begin
from spanscore.integrations._patch import Patch
from spanscore.integrations._plain import fields_of
from spanscore.integrations._reading import Reading
from spanscore.integrations._span_info import SpanInfo
from spanscore.integrations.bedrock._attempts import watching_session
from spanscore.integrations.bedrock._event_stream import watched_events

SERVICE: Final = "bedrock-runtime"

_MARK: Final = "_spanscore_provider"
_ALWAYS: Final = Patch()

_Client = TypeVar("_Client")
_preparing = tracing.quietly("preparing to record a provider's call")
_settling = tracing.quietly("recording a provider's answer")


def record_calls(client: _Client, provider: Provider) -> _Client:
    """`client`, whose calls are recorded from now on; one that is recorded already stays as it is.

    The client's class is exchanged for a subclass. botocore makes a class of its own for each client, so that
    there is nothing to share.
    """
    base: type[Any] = type(client)
    if getattr(base, _MARK, None) is not None:
        return client

    # Looked up at each call, so that what others patch into the class later still runs.
    @functools.wraps(base._make_api_call)
    def _make_api_call(client: Any, operation_name: str, api_params: Any) -> Any:
        return base._make_api_call(client, operation_name, api_params)

    namespace = {
        "__module__": base.__module__,
        "__qualname__": base.__qualname__,
        "__doc__": base.__doc__,
        _MARK: provider,
        "_make_api_call": _recorded(_make_api_call, provider, _ALWAYS),
    }
    recorded: Any = type(base.__name__, (base,), namespace)
    client.__class__ = recorded
    return client


def patch_calls(patch: Patch, kind: type[Any], provider: Provider) -> None:
    """Record the calls of all Bedrock Runtime clients until the patch is undone, and of no other service."""
    patch.replace(kind, "_make_api_call", _recorded(kind._make_api_call, provider, patch))


def _recorded(send: Callable[..., Any], provider: Provider, patch: Patch) -> Callable[..., Any]:
    endpoints = {endpoint.path: endpoint for endpoint in provider.endpoints}

    @functools.wraps(send)
    def _make_api_call(client: Any, operation_name: str, api_params: Any) -> Any:
        # The name first: calls of other services pay for one look into a dict.
        endpoint = endpoints.get(operation_name) if patch.is_on else None
        if endpoint is None or client.meta.service_model.service_name != SERVICE:
            return send(client, operation_name, api_params)
        return _call(functools.partial(send, client, operation_name), provider, endpoint, client, api_params)

    return _make_api_call


def _call(
    send: Callable[[Any], Any], provider: Provider, endpoint: Endpoint, client: Any, params: Any
) -> Any:
    given = fields_of(params)
    info = given.get(_span_info.KEY)
    if info is not None:
        params = {name: value for name, value in given.items() if name != _span_info.KEY}
    call: Call | None = None
    with _preparing:
        request = Request(body=fields_of(params), path=endpoint.path)
        call = begin(provider, endpoint, client, request, SpanInfo.of(info))
    with watching_session(call):
        if call is None:
            return send(params)
        with call:
            answer = send(params)
    with _settling:
        _follow(call, answer)
        return answer
    call.end()
    return answer


def _follow(call: Call, answer: Any) -> None:
    """Put the answer on the span: now, or while its stream is read."""
    if call.is_recorded:
        stream = _stream_of(answer)
        if stream is not None:
            watched_events(stream, Reading(call, is_stream=True))
            return
        call.respond(answer)
    call.end()


def _stream_of(answer: Any) -> EventStream | None:
    fields: Mapping[str, Any] = fields_of(answer)
    return next((value for value in fields.values() if isinstance(value, EventStream)), None)
