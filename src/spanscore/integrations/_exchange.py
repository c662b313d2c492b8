"""One request of a client on its way, and what follows from the answer."""

import copy
from collections.abc import Mapping
from typing import Any, Final, TypeVar, cast

from spanscore import tracing
from spanscore.integrations import _span_info
from spanscore.integrations._call import Call, is_inside_call
from spanscore.integrations._endpoint import Provider, Request
from spanscore.integrations._plain import fields_of, json_value
from spanscore.integrations._reading import Reading
from spanscore.integrations._response import watch
from spanscore.integrations._span_info import SpanInfo
from spanscore.integrations._stream import watched_stream_class
from spanscore.integrations._unreadable import json_problem, says_json

_RAW_HEADER: Final = "X-Stainless-Raw-Response"
"""Set by the client's `with_raw_response` (to "true") and `with_streaming_response` (to "stream")."""

_Result = TypeVar("_Result")
_preparing = tracing.quietly("preparing to record a provider's call")
_settling = tracing.quietly("recording a provider's answer")


class Exchange:
    """A call of `client.request(cast_to, options, …, stream=, stream_cls=)`, which generated clients have.

    `args` and `kwargs` are what to call it with, inside `call`. That is None where the endpoint is not
    described, nothing is to be recorded, or `provider` is None.
    """

    __slots__ = ("_is_stream", "_raw", "args", "call", "kwargs")

    def __init__(
        self, provider: Provider | None, client: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        self.args = args
        self.kwargs = kwargs
        self.call: Call | None = None
        self._is_stream = bool(kwargs.get("stream"))
        self._raw: Any = None
        if provider is not None:
            with _preparing:
                self._prepare(provider, client)

    def settle(self, result: _Result) -> _Result:
        """`result`, unchanged; its content goes onto the span now, or while the caller reads it."""
        call = self.call
        if call is None:
            return result
        with _settling:
            self._follow(call, result)
            return result
        call.end()
        return result

    def _prepare(self, provider: Provider, client: Any) -> None:
        options = self.kwargs["options"] if "options" in self.kwargs else self.args[1]
        endpoint = provider.endpoint(options.method, options.url)
        if endpoint is None:
            return
        body = fields_of(options.json_data)
        if options.extra_json:
            body = {**body, **fields_of(options.extra_json)}
        info = body.get(_span_info.KEY)
        if info is not None:
            body = {name: value for name, value in body.items() if name != _span_info.KEY}
            self._send(_without_span_info(options))
        if not tracing.is_recording() or is_inside_call():
            return
        request = Request(body=body, files=_files_of(options), path=options.url)
        self.call = Call(provider, endpoint, provider.service(client), request, SpanInfo.of(info))
        if self.call.is_recorded:
            self._raw = fields_of(options.headers).get(_RAW_HEADER)
            if self._is_stream:
                self.kwargs = {**self.kwargs, "stream_cls": self._stream_class(client)}

    def _send(self, options: Any) -> None:
        if "options" in self.kwargs:
            self.kwargs = {**self.kwargs, "options": options}
        else:
            self.args = (self.args[0], options, *self.args[2:])

    def _stream_class(self, client: Any) -> Any:
        given = self.kwargs.get("stream_cls")
        if given is None:
            cast_to = self.kwargs["cast_to"] if "cast_to" in self.kwargs else self.args[0]
            given = client._default_stream_cls[cast_to]
        return watched_stream_class(given)

    def _follow(self, call: Call, result: Any) -> None:
        if call.is_recorded and (self._is_stream or self._raw == "stream"):
            response = result.http_response if self._raw else result.response
            is_json = not self._is_stream and _is_parsed(call, response)
            watch(response, Reading(call, is_stream=self._is_stream, is_json=is_json))
            return
        if call.is_recorded and self._raw:
            self._read(call, result.http_response)
        elif call.is_recorded:
            call.respond(result)
        call.end()

    def _read(self, call: Call, response: Any) -> None:
        """Describe a whole answer that the caller parses later, if at all."""
        problem = json_problem(response.content) if _is_parsed(call, response) else None
        if problem is None:
            call.respond(call.endpoint.decode(response.content))
        else:
            call.fail(problem)


def _is_parsed(call: Call, response: Any) -> bool:
    """Whether the client parses the body of a whole answer as JSON."""
    return call.endpoint.decode is json_value and says_json(response.headers.get("content-type", ""))


def _files_of(options: Any) -> dict[str, Any]:
    """The files of a multipart form by field; where a field has several, a list of them."""
    given: Any = getattr(options, "files", None)
    if not given:
        return {}
    files: dict[str, list[Any]] = {}
    for name, file in cast("Any", given.items() if isinstance(given, Mapping) else given):
        files[name] = [*files.pop(name), file] if name in files else [file]
    return {name: several if len(several) > 1 else several[0] for name, several in files.items()}


def _without_span_info(options: Any) -> Any:
    stripped = copy.copy(options)
    for name in ("json_data", "extra_json"):
        body = fields_of(getattr(options, name))
        if _span_info.KEY in body:
            setattr(stripped, name, {key: value for key, value in body.items() if key != _span_info.KEY})
    return stripped
