"""The requests of a session that are recorded."""

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from opentelemetry.util.types import AttributeValue

from spanscore import tracing
from spanscore.integrations._endpoint import Description
from spanscore.integrations._patch import Patch
from spanscore.integrations._run import Run
from spanscore.integrations.mcp._servers import server_name
from spanscore.wire import attributes

_preparing = tracing.quietly("preparing to record an MCP request")
_describing = tracing.quietly("describing the answer of an MCP server")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A method of `ClientSession`, and how its calls are described, by functions of its arguments by name."""

    method: str
    span_type: str
    name: Callable[[Mapping[str, Any]], str]
    asked: Callable[[Mapping[str, Any]], Any]
    answered: Callable[[Any], Any]
    attributes: Callable[[Mapping[str, Any]], Mapping[str, AttributeValue]] = lambda _given: {}


def recorded(original: Callable[..., Any], request: Request, patch: Patch) -> Callable[..., Any]:
    """The method `original` of sessions, recorded while `patch` is on."""
    signature = inspect.signature(original)

    @functools.wraps(original)
    async def method(session: Any, *args: Any, **kwargs: Any) -> Any:
        run = None
        if patch.is_on and tracing.is_recording():
            with _preparing:
                run = _begin(request, signature, session, args, kwargs)
        if run is None:
            return await original(session, *args, **kwargs)
        with run:
            result = await original(session, *args, **kwargs)
        with _describing:
            _answer(run, request, result)
        run.end()
        return result

    return method


def _begin(
    request: Request,
    signature: inspect.Signature,
    session: Any,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Run | None:
    try:
        given = signature.bind(session, *args, **kwargs).arguments
    except TypeError:
        # The method itself will say what is wrong with the call.
        return None
    run = Run(request.name(given), span_type=request.span_type)
    server = server_name(session)
    run.describe(
        Description(
            input=request.asked(given),
            metadata={} if server is None else {"mcp_server": server},
            attributes=request.attributes(given),
        )
    )
    return run


def _answer(run: Run, request: Request, result: Any) -> None:
    run.describe(Description(output=request.answered(result)))
    if _field(result, "isError", "is_error") is True:
        run.fail(_error_text(result))


def _tool_output(result: Any) -> Any:
    """The structured content, which the other content only repeats as text, else the content."""
    structured = _field(result, "structuredContent", "structured_content")
    return _content(result, "content") if structured is None else structured


def _content(result: Any, name: str) -> Any:
    """A list of parts of the answer as JSON."""
    parts: Any = getattr(result, name, None)
    return [_plain(part) for part in cast("list[Any]", parts)] if isinstance(parts, list) else _plain(result)


def _plain(value: Any) -> Any:
    if not hasattr(value, "model_dump"):
        return value
    return value.model_dump(mode="json", by_alias=True, exclude_none=True, warnings=False)


def _error_text(result: Any) -> str:
    """What the server says went wrong: the first text in the content."""
    parts: Any = getattr(result, "content", None) or ()
    texts = (getattr(part, "text", None) for part in parts)
    return next((text for text in texts if isinstance(text, str) and text), "the tool reports an error")


def _field(result: Any, *names: str) -> Any:
    """The field, which is called differently in mcp 1.x and 2.x."""
    return next((found for name in names if (found := getattr(result, name, None)) is not None), None)


TOOL_CALL: Final = Request(
    method="call_tool",
    span_type="tool",
    name=lambda given: str(given["name"]),
    asked=lambda given: given.get("arguments"),
    answered=_tool_output,
    attributes=lambda given: {
        attributes.GEN_AI_OPERATION_NAME: "execute_tool",
        attributes.GEN_AI_TOOL_NAME: str(given["name"]),
    },
)

GET_PROMPT: Final = Request(
    method="get_prompt",
    span_type="function",
    name=lambda given: f"prompt {given['name']}",
    asked=lambda given: {"name": given["name"], "arguments": given.get("arguments")},
    answered=lambda result: _content(result, "messages"),
)

READ_RESOURCE: Final = Request(
    method="read_resource",
    span_type="function",
    name=lambda _given: "read_resource",
    asked=lambda given: {"uri": str(given["uri"])},
    answered=lambda result: _content(result, "contents"),
)
