"""What keeps exceptions of a value's own code away from the user's program."""

from collections.abc import Callable
from typing import Any

from spanscore._json._names import type_name


def attempt(owner: object, call: Callable[..., Any], *args: Any) -> Any:
    """What `call(*args)` returns, or the text that `owner` is unreadable; only KeyboardInterrupt passes."""
    try:
        return call(*args)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  a property may raise anything, SystemExit included
        return unreadable(owner, error)


def unreadable(owner: object, error: BaseException) -> str:
    """What stands in the place of a value that raised when it was read."""
    return f"[spanscore: unreadable {type_name(owner)}: {type_name(error)}]"
