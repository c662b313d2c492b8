"""The methods that generate content: where functions may be executed meanwhile, a task above the requests."""

from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import aclosing, closing, nullcontext
from typing import Any, Final, TypeAlias

from spanscore import tracing
from spanscore.integrations._patch import Patch
from spanscore.integrations.google_genai._hooks import Recorder, is_exchanged
from spanscore.integrations.google_genai._loop import begin_loop, executes_functions

_NameOf: TypeAlias = Callable[[Any, tuple[Any, ...], Mapping[str, Any]], str | None]
"""What a call is called if it may execute functions, given the object and the arguments; else None."""

_END: Final = object()
_preparing = tracing.quietly("preparing to record automatic function calling")


def _of_models(_models: Any, _args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str | None:
    return "generate_content" if executes_functions(kwargs.get("config")) else None


def _of_chat(chat: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str | None:
    given = kwargs.get("config") or next(iter(args[1:]), None)
    return "send_message" if executes_functions(given or chat._config) else None


def _of_recorded_chat(chat: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str | None:
    return _of_chat(chat, args, kwargs) if is_exchanged(chat._modules) else None


def _name(
    name_of: _NameOf, patch: Patch, owner: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> str | None:
    if patch.is_on:
        with _preparing:
            return name_of(owner, args, kwargs)
    return None


def _whole(name_of: _NameOf) -> Recorder:
    def recorder(sender: Callable[[], Any], patch: Patch) -> Callable[..., Any]:
        def method(owner: Any, *args: Any, **kwargs: Any) -> Any:
            name = _name(name_of, patch, owner, args, kwargs)
            loop = begin_loop(name) if name else None
            if loop is None:
                return sender()(owner, *args, **kwargs)
            with loop:
                response = sender()(owner, *args, **kwargs)
            loop.end()
            return response

        return method

    return recorder


def _async_whole(name_of: _NameOf) -> Recorder:
    def recorder(sender: Callable[[], Any], patch: Patch) -> Callable[..., Any]:
        async def method(owner: Any, *args: Any, **kwargs: Any) -> Any:
            name = _name(name_of, patch, owner, args, kwargs)
            loop = begin_loop(name) if name else None
            if loop is None:
                return await sender()(owner, *args, **kwargs)
            with loop:
                response = await sender()(owner, *args, **kwargs)
            loop.end()
            return response

        return method

    return recorder


def _streamed(name_of: _NameOf) -> Recorder:
    def recorder(sender: Callable[[], Any], patch: Patch) -> Callable[..., Any]:
        def method(owner: Any, *args: Any, **kwargs: Any) -> Any:
            chunks = sender()(owner, *args, **kwargs)
            name = _name(name_of, patch, owner, args, kwargs)
            return _steps(chunks, name) if name else chunks

        return method

    return recorder


def _async_streamed(name_of: _NameOf) -> Recorder:
    def recorder(sender: Callable[[], Any], patch: Patch) -> Callable[..., Any]:
        async def method(owner: Any, *args: Any, **kwargs: Any) -> Any:
            chunks = await sender()(owner, *args, **kwargs)
            name = _name(name_of, patch, owner, args, kwargs)
            return _asteps(chunks, name) if name else chunks

        return method

    return recorder


OF_MODELS: Final[Mapping[str, Recorder]] = {
    "generate_content": _whole(_of_models),
    "generate_content_stream": _streamed(_of_models),
}
"""The methods of `Models`."""

OF_ASYNC_MODELS: Final[Mapping[str, Recorder]] = {
    "generate_content": _async_whole(_of_models),
    "generate_content_stream": _async_streamed(_of_models),
}
"""The methods of `AsyncModels`."""


def _chat_methods(name_of: _NameOf) -> Mapping[str, Recorder]:
    return {"send_message": _whole(name_of), "send_message_stream": _streamed(name_of)}


def _async_chat_methods(name_of: _NameOf) -> Mapping[str, Recorder]:
    return {"send_message": _async_whole(name_of), "send_message_stream": _async_streamed(name_of)}


OF_CHAT: Final = _chat_methods(_of_chat)
"""The methods of `Chat`, which executes functions by itself."""

OF_ASYNC_CHAT: Final = _async_chat_methods(_of_chat)
OF_RECORDED_CHAT: Final = _chat_methods(_of_recorded_chat)
"""The same for chats of clients that are recorded one by one, and of no others."""

OF_ASYNC_RECORDED_CHAT: Final = _async_chat_methods(_of_recorded_chat)


def _steps(chunks: Generator[Any, None, None], name: str) -> Generator[Any, None, None]:
    """`chunks`, each of which is asked for within the task; what their reader does is not.

    It begins with the first one: before that the client does nothing.
    """
    loop = begin_loop(name)
    try:
        with closing(chunks):
            while True:
                with loop or nullcontext():
                    chunk = next(chunks, _END)
                if chunk is _END:
                    return
                yield chunk
    finally:
        if loop is not None:
            loop.end()


async def _asteps(chunks: AsyncGenerator[Any, None], name: str) -> AsyncGenerator[Any, None]:
    """The same for an asynchronous generator."""
    loop = begin_loop(name)
    try:
        async with aclosing(chunks):
            while True:
                with loop or nullcontext():
                    chunk = await anext(chunks, _END)
                if chunk is _END:
                    return
                yield chunk
    finally:
        if loop is not None:
            loop.end()
