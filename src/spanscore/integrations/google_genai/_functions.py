"""The functions that the client executes for the model, each of which is a `tool` span."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from google.genai import errors

from spanscore import tracing
from spanscore.integrations._endpoint import Description
from spanscore.integrations._patch import Patch
from spanscore.integrations._run import Run
from spanscore.integrations.google_genai._hooks import Recorder
from spanscore.integrations.google_genai._loop import current_loop, outside_loops
from spanscore.wire import attributes

_preparing = tracing.quietly("preparing to record a function that a model calls")
_describing = tracing.quietly("describing what a function gave that a model called")
_failing = tracing.quietly("recording what a function raised that a model called")


def _invoke(sender: Callable[[], Any], patch: Patch) -> Callable[..., Any]:
    def invoke(*args: Any, **kwargs: Any) -> Any:
        run = _begun(args, kwargs) if patch.is_on else None
        if run is None:
            return sender()(*args, **kwargs)
        run.enter()
        try:
            result = sender()(*args, **kwargs)
        except BaseException as error:
            _fail(run, error)
            raise
        return _answer(run, result)

    return invoke


def _async_invoke(sender: Callable[[], Any], patch: Patch) -> Callable[..., Any]:
    async def invoke(*args: Any, **kwargs: Any) -> Any:
        run = _begun(args, kwargs) if patch.is_on else None
        if run is None:
            return await sender()(*args, **kwargs)
        run.enter()
        try:
            result = await sender()(*args, **kwargs)
        except BaseException as error:
            _fail(run, error)
            raise
        return _answer(run, result)

    return invoke


RECORDERS: Final[Mapping[str, Recorder]] = {
    "invoke_function_from_dict_args": _invoke,
    "invoke_function_from_dict_args_async": _async_invoke,
}
"""The client's functions that call a function with arguments of the model's."""


def _begun(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Run | None:
    if current_loop() is None:
        return None
    with _preparing:
        given, function = _named(*args, **kwargs)
        name = function.__name__
        run = Run(name, span_type="tool")
        run.context = outside_loops(run.context)
        told = {attributes.GEN_AI_OPERATION_NAME: "execute_tool", attributes.GEN_AI_TOOL_NAME: name}
        run.describe(Description(input=given, attributes=told))
        return run
    return None


def _named(args: Any, function_to_invoke: Any) -> tuple[Any, Any]:
    return args, function_to_invoke


def _answer(run: Run, result: Any) -> Any:
    run.leave()
    with _describing:
        run.describe(Description(output=result))
    run.end()
    return result


def _fail(run: Run, error: BaseException) -> None:
    """Record what the function itself raised, which the client raises something else for."""
    run.leave()
    with _failing:
        raised = error.__context__ if isinstance(error, errors.FunctionInvocationError) else None
        run.fail(raised or error)
    run.end()
