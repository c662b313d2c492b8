"""A call in which the client executes functions for the model: a task, with all that is done for it below."""

from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Final, cast

from opentelemetry import context as otel_context
from opentelemetry.context import Context

from spanscore import tracing
from spanscore.integrations._call import is_inside_call
from spanscore.integrations._endpoint import Description, Endpoint, Request
from spanscore.integrations._plain import fields_of
from spanscore.integrations._run import Run

_KEY: Final = otel_context.create_key("spanscore-google-genai-loop")
_TOTALS: Final = ("tokens", "prompt_tokens", "completion_tokens")
_preparing = tracing.quietly("preparing to record automatic function calling")
_describing = tracing.quietly("describing automatic function calling")


class Loop:
    """The span of such a call: the first request's input, the last answer's output, the sum of the tokens.

    As a context manager it makes the span the current one while the client works, any number of times, and
    records what that raises.
    """

    __slots__ = ("_is_asked", "_output", "_run", "_totals")

    def __init__(self, name: str) -> None:
        self._is_asked = False
        self._output: Any = None
        self._totals: dict[str, float] = {}
        self._run = Run(name, span_type="task")
        self._run.context = Context({**self._run.context, _KEY: self})

    def __enter__(self) -> None:
        self._run.enter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None:
            self._describe()
        self._run.__exit__(kind, error, traceback)

    def end(self) -> None:
        """Describe what came of it and end the span, the first time."""
        self._describe()
        self._run.end()

    def telling(self, endpoint: Endpoint) -> Endpoint:
        """`endpoint` for a request of this call, which is told of it too."""

        def request(asked: Request) -> Description:
            description = endpoint.request(asked)
            if not self._is_asked:
                self._is_asked = True
                self._run.describe(Description(input=description.input))
            return description

        def response(answer: Any) -> Description:
            description = endpoint.response(answer)
            self._output = description.output
            for name in _TOTALS:
                if name in description.metrics:
                    self._totals[name] = self._totals.get(name, 0) + description.metrics[name]
            return description

        return replace(endpoint, request=request, response=response)

    def _describe(self) -> None:
        with _describing:
            self._run.describe(Description(output=self._output, metrics=self._totals))


def current_loop() -> Loop | None:
    """The call of that kind that is being carried out, if any."""
    loop = tracing.current_context().get(_KEY)
    return loop if isinstance(loop, Loop) else None


def outside_loops(context: Context) -> Context:
    """`context` for a function that the model has called, whose own calls are none of this one's."""
    return Context({**context, _KEY: None})


def begin_loop(name: str) -> Loop | None:
    """A span for such a call; None where nothing is recorded, or it is part of another one."""
    if not tracing.is_recording() or current_loop() is not None or is_inside_call():
        return None
    with _preparing:
        return Loop(name)
    return None


def executes_functions(configuration: Any) -> bool:
    """Whether the client does so with this configuration: with Python functions or MCP sessions as tools.

    It does not if functions are declared besides, which it has nothing to execute for.
    """
    config = fields_of(configuration)
    tools = config.get("tools")
    if not isinstance(tools, list | tuple):
        return False
    definitions = [tool for tool in cast("list[Any]", tools) if _is_definition(tool)]
    if len(definitions) == len(cast("list[Any]", tools)) or any(map(_declares, definitions)):
        return False
    settings = fields_of(config.get("automatic_function_calling") or config.get("automaticFunctionCalling"))
    most = settings.get("maximum_remote_calls", settings.get("maximumRemoteCalls"))
    return not settings.get("disable") and not (isinstance(most, int) and most <= 0)


def _is_definition(tool: Any) -> bool:
    """Definitions of tools are JSON objects or models."""
    return isinstance(tool, Mapping) or bool(fields_of(tool))


def _declares(tool: Any) -> bool:
    fields = fields_of(tool)
    return bool(fields.get("function_declarations") or fields.get("functionDeclarations"))
