"""The requests of the API client, which all parts of a google-genai client share: one span each."""

from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import AbstractContextManager, aclosing, closing, nullcontext
from typing import Any, Final, TypeVar, cast

from spanscore import tracing
from spanscore.integrations import _span_info
from spanscore.integrations._call import Call
from spanscore.integrations._endpoint import Request
from spanscore.integrations._function import begin, settle
from spanscore.integrations._patch import Patch
from spanscore.integrations._plain import Fields, fields_of
from spanscore.integrations._reading import Reading, apassed_on, passed_on
from spanscore.integrations._span_info import SpanInfo
from spanscore.integrations._unreadable import json_problem
from spanscore.integrations._watching import watching
from spanscore.integrations.google_genai._hooks import Recorder
from spanscore.integrations.google_genai._loop import current_loop
from spanscore.integrations.google_genai._provider import PROVIDER, endpoint_of

_Response = TypeVar("_Response")

_OPTIONS: Final = 3
_END: Final = object()
_preparing = tracing.quietly("preparing to record a request of google-genai")
_checking = tracing.quietly("reading an answer of google-genai")


class _Sent:
    """A request on its way: what to call the client with, and its span if there is to be one."""

    __slots__ = ("_is_on", "args", "call", "kwargs")

    def __init__(self, patch: Patch, client: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.args = args
        self.kwargs = kwargs
        self.call: Call | None = None
        self._is_on = patch.is_on
        if patch.is_on:
            with _preparing:
                self._prepare(client)

    def watching(self) -> AbstractContextManager[None]:
        """Around the request itself."""
        return watching(self.call) if self._is_on else nullcontext()

    def _prepare(self, client: Any) -> None:
        method, path, body, options = _named(*self.args, **self.kwargs)
        endpoint = endpoint_of(method, path, fields_of(body))
        if endpoint is None:
            return
        extra = _extra_body(options)
        if _span_info.KEY in extra:
            self._send(_with_extra_body(options, _without(extra, _span_info.KEY)))
        sent = _merged(
            _without_own(body), _without(extra or _extra_body(client._http_options), _span_info.KEY)
        )
        loop = current_loop()
        self.call = begin(
            PROVIDER,
            endpoint if loop is None else loop.telling(endpoint),
            client,
            Request(body=sent, path=path),
            SpanInfo.of(extra.get(_span_info.KEY)),
        )

    def _send(self, options: Any) -> None:
        if len(self.args) > _OPTIONS:
            self.args = (*self.args[:_OPTIONS], options, *self.args[_OPTIONS + 1 :])
        else:
            self.kwargs = {**self.kwargs, "http_options": options}


def _request(sender: Callable[[], Any], patch: Patch) -> Callable[..., Any]:
    def request(client: Any, *args: Any, **kwargs: Any) -> Any:
        sent = _Sent(patch, client, args, kwargs)
        with sent.watching():
            if sent.call is None:
                return sender()(client, *sent.args, **sent.kwargs)
            with sent.call:
                response = sender()(client, *sent.args, **sent.kwargs)
        return _settled(sent.call, response)

    return request


def _async_request(sender: Callable[[], Any], patch: Patch) -> Callable[..., Any]:
    async def async_request(client: Any, *args: Any, **kwargs: Any) -> Any:
        sent = _Sent(patch, client, args, kwargs)
        with sent.watching():
            if sent.call is None:
                return await sender()(client, *sent.args, **sent.kwargs)
            with sent.call:
                response = await sender()(client, *sent.args, **sent.kwargs)
        return _settled(sent.call, response)

    return async_request


def _request_streamed(sender: Callable[[], Any], patch: Patch) -> Callable[..., Any]:
    def request_streamed(client: Any, *args: Any, **kwargs: Any) -> Generator[Any, None, None]:
        sent = _Sent(patch, client, args, kwargs)
        pieces = _begun(sender()(client, *sent.args, **sent.kwargs), sent)
        yield from pieces if sent.call is None else _read(pieces, sent.call)

    return request_streamed


def _async_request_streamed(sender: Callable[[], Any], patch: Patch) -> Callable[..., Any]:
    async def async_request_streamed(client: Any, *args: Any, **kwargs: Any) -> Any:
        sent = _Sent(patch, client, args, kwargs)
        with sent.watching():
            if sent.call is None:
                return await sender()(client, *sent.args, **sent.kwargs)
            with sent.call:
                pieces = await sender()(client, *sent.args, **sent.kwargs)
        reading = _reading(sent.call)
        stream = _aread(pieces, reading, is_recorded=sent.call.is_recorded)
        # One that is never begun would never get to its end.
        reading.end_with(stream)
        return stream

    return async_request_streamed


RECORDERS: Final[Mapping[str, Recorder]] = {
    "request": _request,
    "async_request": _async_request,
    "request_streamed": _request_streamed,
    "async_request_streamed": _async_request_streamed,
}
"""The methods of the API client."""


def _settled(call: Call, response: _Response) -> _Response:
    """`response`, put on the span; of one that is no JSON, what the client is going to raise."""
    with _checking:
        problem = _problem_of(response)
        if problem is not None:
            call.fail(problem)
            return response
    return settle(call, response)


def _problem_of(response: Any) -> ValueError | None:
    body = getattr(response, "body", None)
    return json_problem(body.encode()) if isinstance(body, str) and body else None


def _read(pieces: Generator[Any, None, None], call: Call) -> Generator[Any, None, None]:
    reading = _reading(call)
    try:
        yield from passed_on(pieces, lambda: reading if call.is_recorded else None, _take)
    finally:
        reading.finish()


def _begun(pieces: Generator[Any, None, None], sent: _Sent) -> Generator[Any, None, None]:
    """`pieces`, the first of which is asked for within the call, since the request is made for it."""
    with closing(pieces):
        with sent.watching(), sent.call or nullcontext():
            first = next(pieces, _END)
        if first is not _END:
            yield first
            yield from pieces


async def _aread(
    pieces: AsyncGenerator[Any, None], reading: Reading, *, is_recorded: bool
) -> AsyncGenerator[Any, None]:
    try:
        async with aclosing(apassed_on(pieces, lambda: reading if is_recorded else None, _take)) as passed:
            async for piece in passed:
                yield piece
    finally:
        reading.finish()


def _reading(call: Call) -> Reading:
    reading = Reading(call, is_stream=True)
    reading.expect_chunks()
    return reading


def _take(reading: Reading, piece: Any) -> None:
    reading.add_chunk(piece)


def _named(http_method: str, path: str, request_dict: Any, http_options: Any = None) -> tuple[Any, ...]:
    """The arguments of a request in order."""
    return http_method, path, request_dict, http_options


def _extra_body(options: Any) -> Fields:
    """What is sent besides, by the options of a request or of the client."""
    given = fields_of(options)
    return fields_of(given.get("extra_body") or given.get("extraBody"))


def _with_extra_body(options: Any, extra: Fields) -> Any:
    if isinstance(options, Mapping):
        return {**cast("Fields", options), "extra_body": extra}
    return options.model_copy(update={"extra_body": extra})


def _without(fields: Fields, name: str) -> Fields:
    return {key: value for key, value in fields.items() if key != name} if name in fields else fields


def _without_own(body: Any) -> Fields:
    """The body as it is sent, without what the client notes in it for itself."""
    return {name: value for name, value in fields_of(body).items() if not name.startswith("_")}


def _merged(body: Fields, extra: Fields) -> Fields:
    """`body` with `extra` put into it, object by object, as the client does it."""
    told = dict(body)
    for name, value in extra.items():
        below = isinstance(value, Mapping) and isinstance(told.get(name), Mapping)
        told[name] = _merged(told[name], cast("Fields", value)) if below else value
    return told
