"""`span_info` as an argument of the client's own methods, as Braintrust's wrapper has it."""

import functools
import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from spanscore.integrations._patch import Patch
from spanscore.integrations._span_info import KEY

_METHODS: Final = {
    "openai.resources.chat.completions": ("Completions", "create", "parse", "stream"),
    "openai.resources.beta.chat.completions": ("Completions", "parse", "stream"),
    "openai.resources.completions": ("Completions", "create"),
    "openai.resources.responses": ("Responses", "create", "parse", "stream"),
    "openai.resources.embeddings": ("Embeddings", "create"),
    "openai.resources.moderations": ("Moderations", "create"),
}
"""The methods that take it, by the module and class that have them; older versions lack some."""


def accept_span_info(patch: Patch, is_recorded: Callable[[Any], bool]) -> None:
    """Let the methods of clients that are recorded take `span_info`, which travels with the body to be told.

    Of other clients it stays the error that it is.
    """
    for module_name, (kind_name, *methods) in _METHODS.items():
        for name in (kind_name, f"Async{kind_name}"):
            kind = _attribute(module_name, name)
            for method in methods:
                original = getattr(kind, method, None)
                if original is not None:
                    patch.replace(kind, method, _accepting(original, patch, is_recorded))


def _attribute(module_name: str, name: str) -> Any:
    try:
        return getattr(import_module(module_name), name, None)
    except ImportError:
        return None


def _accepting(
    original: Callable[..., Any], patch: Patch, is_recorded: Callable[[Any], bool]
) -> Callable[..., Any]:
    def called(resource: Any, *args: Any, **kwargs: Any) -> Any:
        if KEY in kwargs and patch.is_on and is_recorded(resource._client):
            kwargs = _carried(kwargs)
        return original(resource, *args, **kwargs)

    method = functools.wraps(original)(called)
    return _marked(method) if inspect.iscoroutinefunction(original) else method


def _marked(method: Callable[..., Any]) -> Callable[..., Any]:
    """The method, which gives a coroutine, as one that is known to."""

    @functools.wraps(method)
    async def coroutine(*args: Any, **kwargs: Any) -> Any:
        return await method(*args, **kwargs)

    return coroutine


def _carried(kwargs: dict[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in kwargs.items() if name != KEY}
    return {**rest, "extra_body": {**(kwargs.get("extra_body") or {}), KEY: kwargs[KEY]}}
