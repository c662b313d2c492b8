"""LiteLLM: its functions and its `Router`, of litellm 1.78 and later."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import litellm as _litellm  # pyright: ignore[reportMissingImports] - it cannot be installed beside openai 3

from spanscore.errors import InstrumentError
from spanscore.integrations._patch import Patch
from spanscore.integrations._version import check_version
from spanscore.integrations.litellm._functions import patch_functions

__all__ = ["OLDEST", "patch", "wrap"]

OLDEST: Final = (1, 78, 0)
"""The first litellm whose prompt tokens contain those written to the caches of Anthropic and Bedrock."""

_WRAPPED: Final = "_spanscore_wrapped"

_Module = TypeVar("_Module")

_module: Any = _litellm


def wrap(module: _Module) -> _Module:
    """The litellm module itself, recorded from now on. Raises InstrumentError for anything else."""
    if module is not _module:
        raise InstrumentError(f"{type(module).__qualname__!r} object is not the module litellm; give that")
    _check_version()
    if not hasattr(_module, _WRAPPED):
        patched = Patch()
        patch_functions(patched, _module)
        setattr(_module, _WRAPPED, patched)
    return module


def patch() -> Callable[[], None]:
    """Record the calls of litellm's functions and of all its routers; gives what undoes it.

    Who has imported a function by its name before calls the one that is not recorded.
    """
    _check_version()
    patched = Patch()
    patch_functions(patched, _module)
    return patched.undo


def _check_version() -> None:
    check_version("litellm", _module._version.version, OLDEST)
