"""The decorator that records the calls of a function as spans."""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast, overload

from spanscore.tracing._binder import compile_binder
from spanscore.tracing._call import CallOptions, PreparedCall, begin, prepare
from spanscore.tracing._generators import drive, drive_async
from spanscore.tracing._open import span_attributes_json
from spanscore.tracing._text import as_tags, as_text

F = TypeVar("F", bound=Callable[..., Any])
_Any = Callable[..., Any]


@overload
def traced(function: F, /) -> F: ...
@overload
def traced(
    called: str | None = None,
    /,
    *,
    name: str | None = None,
    type: str = "function",
    capture_input: bool = True,
    capture_output: bool = True,
    notrace_io: bool = False,
    metadata: Mapping[str, Any] | None = None,
    tags: Sequence[str] | None = None,
) -> Callable[[F], F]: ...
def traced(
    function: Any = None,
    /,
    *,
    name: str | None = None,
    type: str = "function",  # noqa: A002 - Braintrust's word
    capture_input: bool = True,
    capture_output: bool = True,
    notrace_io: bool = False,
    metadata: Mapping[str, Any] | None = None,
    tags: Sequence[str] | None = None,
) -> Any:
    """Record every call of a function as a span with its arguments, its result and what it raises.

    For functions, coroutines, generators, asynchronous generators and methods, on either side of
    `@classmethod` and `@staticmethod`. `name` is the function's own by default; it may come first, as in
    `@traced("a name")`. `type` is one of SpanTypeAttribute or any other word. `notrace_io` records neither
    input nor output. A generator's span lasts from its first step to its end, its output is the list of what
    it yielded.

    Nothing is recorded, at next to no cost, until `init_logger`, `init`, `Eval` or `setup` switches recording
    on or the program sets an OpenTelemetry tracer provider.

    >>> from spanscore import traced
    >>> @traced(type="tool")
    ... def search(query: str, k: int = 3) -> list[str]:
    ...     return ["spans"][:k]
    >>> search("what is a span?")
    ['spans']
    """

    def decorate(target: Any) -> Any:
        if isinstance(target, classmethod | staticmethod):
            kind: Any = classmethod if isinstance(target, classmethod) else staticmethod
            return kind(decorate(cast("classmethod[Any, Any, Any]", target).__func__))
        if not callable(target) or inspect.isclass(target):
            raise TypeError(f"@traced takes a function or method, not {target!r}")
        options = CallOptions(
            name=as_text(getattr(target, "__name__", target.__class__.__name__) if name is None else name),
            described=span_attributes_json(as_text(type), None, None),
            bind=compile_binder(target) if capture_input and not notrace_io else None,
            capture_output=capture_output and not notrace_io,
            metadata=metadata,
            tags=None if tags is None else as_tags(tags),
        )
        return _wrapper_for(target)(target, options)

    if isinstance(function, str):
        name, function = function, None
    return decorate if function is None else decorate(function)


def _wrapper_for(target: _Any) -> Callable[[_Any, CallOptions], _Any]:
    is_function = inspect.isroutine(target) or isinstance(target, functools.partial)
    called = cast("_Any", target if is_function else target.__call__)
    if inspect.isasyncgenfunction(called):
        return _traced_async_generator
    if inspect.isgeneratorfunction(called):
        return _traced_generator
    if inspect.iscoroutinefunction(called):
        return _traced_coroutine
    return _traced_function


def _traced_function(function: _Any, options: CallOptions) -> _Any:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        call = begin(options, args, kwargs)
        if call is None:
            return function(*args, **kwargs)
        try:
            output = function(*args, **kwargs)
        except BaseException as error:
            call.raised(error)
            raise
        return call.returned(output)

    return wrapper


def _traced_coroutine(function: _Any, options: CallOptions) -> _Any:
    @functools.wraps(function)
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        call = begin(options, args, kwargs)
        if call is None:
            return await function(*args, **kwargs)
        try:
            output = await function(*args, **kwargs)
        except BaseException as error:
            call.raised(error)
            raise
        return call.returned(output)

    return wrapper


def _traced_generator(function: _Any, options: CallOptions) -> _Any:
    return _stepped(function, options, drive)


def _traced_async_generator(function: _Any, options: CallOptions) -> _Any:
    return _stepped(function, options, drive_async)


def _stepped(function: _Any, options: CallOptions, driver: Callable[[Any, PreparedCall], Any]) -> _Any:
    # Only whoever traces generators pays for wrapt. A wrapper that is a generator function itself would keep
    # `isgeneratorfunction` true too, but would take a wrong call's TypeError to the first step.
    from wrapt import FunctionWrapper  # noqa: PLC0415

    def call(wrapped: _Any, instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        generator = wrapped(*args, **kwargs)
        received = args if instance is None else (instance, *args)
        prepared = prepare(options, received, kwargs)
        return generator if prepared is None else driver(generator, prepared)

    return FunctionWrapper(function, call)
