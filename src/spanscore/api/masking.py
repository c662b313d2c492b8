"""`set_masking_function`: the user's own masking of what is recorded."""

import inspect
from collections.abc import Callable
from typing import Any

from spanscore.delivery._masking import MASKING
from spanscore.errors import ConfigError


def set_masking_function(masking_function: Callable[[Any], Any] | None) -> None:
    """Have `masking_function` decide what is recorded of every input, output, expected, metadata and error.

    It is given the value of one field, as JSON has it, and returns what is recorded instead. It runs when a
    span has ended, in the thread that ended it, before anything is written. Where it raises, or returns what
    is no data, `"<masking failed>"` is recorded. None takes it away. Raises ConfigError if it cannot be
    called, or is asynchronous.

    >>> import spanscore
    >>> spanscore.set_masking_function(lambda value: "***" if isinstance(value, str) else value)
    >>> spanscore.set_masking_function(None)
    """
    if masking_function is not None:
        if not callable(masking_function):
            raise ConfigError(f"the masking function is {masking_function!r}; give a function of one value")
        if inspect.iscoroutinefunction(masking_function):
            raise ConfigError(f"the masking function {masking_function!r} is asynchronous; give a plain one")
    MASKING.masking_function = masking_function
