"""The functions of litellm that are replaced, and what a call of one does."""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, cast

from spanscore import tracing
from spanscore.integrations._call import Call, is_inside_call
from spanscore.integrations._endpoint import Endpoint, Provider, Request
from spanscore.integrations._function import begin
from spanscore.integrations._patch import Patch
from spanscore.integrations._watching import watching
from spanscore.integrations.litellm._arguments import described_body, named, without_span_info
from spanscore.integrations.litellm._endpoints import BY_FUNCTION, ENDPOINTS
from spanscore.integrations.litellm._failure import litellm_error
from spanscore.integrations.litellm._parts import Chunks, gathering, noted
from spanscore.integrations.litellm._provider import service_of
from spanscore.integrations.litellm._result import follow

_ROUTED: Final = frozenset({"responses", "aresponses", "amoderation"})
"""What a router does not have as methods but makes of litellm's functions for itself."""

_preparing = tracing.quietly("preparing to record a call of litellm")

_PROVIDER: Final = Provider(endpoints=ENDPOINTS, service=service_of, error=litellm_error)


def patch_functions(patch: Patch, litellm: Any) -> None:
    """Record the functions of the module, wherever it has them, and the methods of its router."""
    for name, endpoint in BY_FUNCTION.items():
        names = _parameters(litellm, name)
        for owner in (litellm, litellm.main):
            if name in vars(owner):
                patch.replace(owner, name, _recorded(getattr(owner, name), endpoint, names, patch))
    router: Any = litellm.Router
    for name, endpoint in BY_FUNCTION.items():
        if name in vars(router):
            method = getattr(router, name)
            patch.replace(router, name, _recorded(method, endpoint, _positional(method), patch))
    patch.replace(router, "factory_function", _recorded_factory(router.factory_function, litellm, patch))


def _recorded(
    function: Callable[..., Any], endpoint: Endpoint, names: Sequence[str], patch: Patch
) -> Callable[..., Any]:
    """The function, sync or not, whose calls are recorded while the patch is on."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        recorded, kwargs = _begin(endpoint, names, args, kwargs, patch)
        if recorded is None:
            with _watching(None, patch):
                return noted(function(*args, **kwargs))
        received: list[Chunks] = []
        with _watching(recorded, patch), recorded, gathering(received):
            result = function(*args, **kwargs)
        return follow(recorded, result, received)

    @functools.wraps(function)
    async def acall(*args: Any, **kwargs: Any) -> Any:
        recorded, kwargs = _begin(endpoint, names, args, kwargs, patch)
        if recorded is None:
            with _watching(None, patch):
                return noted(await function(*args, **kwargs))
        received: list[Chunks] = []
        with _watching(recorded, patch), recorded, gathering(received):
            result = await function(*args, **kwargs)
        return follow(recorded, result, received)

    return acall if inspect.iscoroutinefunction(function) else call


def _watching(call: Call | None, patch: Patch) -> AbstractContextManager[None]:
    return watching(call) if patch.is_on else nullcontext()


def _recorded_factory(factory: Callable[..., Any], litellm: Any, patch: Patch) -> Callable[..., Any]:
    """The router's method that makes functions of its own of litellm's."""
    parameters = {name: _parameters(litellm, name) for name in _ROUTED}

    @functools.wraps(factory)
    def factory_function(router: Any, original_function: Any, *args: Any, **kwargs: Any) -> Any:
        made = factory(router, original_function, *args, **kwargs)
        name = getattr(original_function, "__name__", "")
        if not patch.is_on or name not in _ROUTED:
            return made
        return _recorded(made, BY_FUNCTION[name], parameters[name], patch)

    return factory_function


def _begin(
    endpoint: Endpoint, names: Sequence[str], args: Sequence[Any], kwargs: dict[str, Any], patch: Patch
) -> tuple[Call | None, dict[str, Any]]:
    """The call, None where none is to be recorded, and the arguments to go on with."""
    if not patch.is_on:
        return None, kwargs
    kwargs, info = without_span_info(kwargs)
    if not tracing.is_recording() or is_inside_call():
        return None, kwargs
    with _preparing:
        arguments = named(names, args, kwargs)
        body = described_body(arguments)
        request = Request(body=body, files=_files(arguments), path=endpoint.path)
        return begin(_PROVIDER, endpoint, arguments, request, info()), kwargs
    return None, kwargs


def _files(arguments: Mapping[str, Any]) -> dict[str, Any]:
    file = arguments.get("file")
    return {} if file is None else {"file": file}


def _parameters(litellm: Any, name: str) -> tuple[str, ...]:
    """The names of a function's positional parameters; the sync twin knows those that the async one hides."""
    own = _positional(getattr(litellm, name))
    return own or _positional(getattr(litellm, name.removeprefix("a")))


def _positional(function: Any) -> tuple[str, ...]:
    parameters = cast("Mapping[str, inspect.Parameter]", inspect.signature(function).parameters)
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(name for name, parameter in parameters.items() if parameter.kind in kinds)
