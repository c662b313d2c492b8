"""Calls of clients that have functions of their own rather than the generated `request`."""

from typing import Any, TypeVar

from spanscore import tracing
from spanscore.integrations._call import Call, is_inside_call
from spanscore.integrations._endpoint import Endpoint, Provider, Request
from spanscore.integrations._span_info import NOTHING, SpanInfo

_Result = TypeVar("_Result")

_preparing = tracing.quietly("preparing to record a provider's call")


def begin(
    provider: Provider, endpoint: Endpoint, client: Any, request: Request, info: SpanInfo = NOTHING
) -> Call | None:
    """The call that is about to be made, with its span open; None where none is to be recorded.

    That is while recording is off, and inside another call that is recorded. Use it as

        call = begin(…)
        if call is None:
            return original(…)
        with call:
            result = original(…)
        return settle(call, result)
    """
    if not tracing.is_recording() or is_inside_call():
        return None
    with _preparing:
        return Call(provider, endpoint, provider.service(client), request, info)
    return None


def settle(call: Call, result: _Result) -> _Result:
    """`result`, unchanged, after the answer that it is was put on the span and the span was ended."""
    if call.is_recorded:
        call.respond(result)
    call.end()
    return result
