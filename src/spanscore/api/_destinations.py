"""Destinations as programs give them: names, and exporters of their own."""

from collections.abc import Sequence
from typing import Any, cast

from opentelemetry.sdk.trace.export import SpanExporter

from spanscore.errors import ConfigError


def told_apart(
    destinations: Sequence[str | SpanExporter] | None,
) -> tuple[tuple[str, ...] | str | None, list[SpanExporter]]:
    """The names, None if there are neither, and the exporters. Raises ConfigError for what is neither.

    A text in the place of a list is given back as it is: whoever checks names says what is wrong with it.
    """
    if destinations is None or isinstance(destinations, str):
        return destinations, []
    given: Any = destinations
    if not isinstance(given, (list, tuple, set, frozenset)):
        raise ConfigError(f"destinations is {given!r}; give a list of names and SpanExporter objects")
    each = cast("Sequence[Any]", given)
    exporters = [one for one in each if not isinstance(one, str)]
    wrong = [one for one in exporters if isinstance(one, type) or not callable(getattr(one, "export", None))]
    if wrong:
        raise ConfigError(f"destinations has {wrong[0]!r}; give names and SpanExporter objects")
    names = tuple(one for one in each if isinstance(one, str))
    return names if each else None, exporters
