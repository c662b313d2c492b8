"""Headers of any kind: read whatever the case of their names, written in lower case."""

from collections.abc import Iterable, MutableMapping
from typing import Any, cast

from opentelemetry.propagators.textmap import Getter, Setter, default_getter


def read_header(carrier: Any, name: str, getter: Getter[Any] = default_getter) -> list[str]:
    """The values of the header `name`, which is in lower case; names of other case count if it has none."""
    found = _texts(getter.get(carrier, name))
    if found:
        return found
    keys = [key for key in getter.keys(carrier) or () if key != name and _is(key, name)]
    return [text for key in keys for text in _texts(getter.get(carrier, key))]


def write_header(carrier: Any, name: str, value: str, setter: Setter[Any]) -> None:
    """Set the header `name`, which is in lower case, as the only one of that name."""
    erase_header(carrier, name, keep=name)
    setter.set(carrier, name, value)


def erase_header(carrier: Any, name: str, *, keep: str | None = None) -> None:
    """Remove the header `name` in any case, as far as the carrier can be read; but `keep`."""
    if isinstance(carrier, MutableMapping):
        headers = cast("MutableMapping[Any, Any]", carrier)
        for key in [key for key in headers if key != keep and _is(key, name)]:
            del headers[key]


def headers_of(headers: Any) -> dict[str, list[str]]:
    """The headers of a request by their names in lower case.

    Takes mappings, with one value or a list of values for a name, and pairs; text or bytes.
    """
    items: Any = headers.items() if hasattr(headers, "items") else headers
    collected: dict[str, list[str]] = {}
    for name, value in items:
        for key in _texts(name):
            collected.setdefault(key.lower(), []).extend(_texts(value))
    return collected


def _is(key: object, name: str) -> bool:
    return isinstance(key, str) and key.lower() == name


def _texts(value: object) -> list[str]:
    """The texts in a header's value: one, or several in a list."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, bytes):
        return [value.decode("latin-1")]
    if isinstance(value, Iterable):
        return [text for each in cast("Iterable[object]", value) for text in _texts(each)]
    return []
