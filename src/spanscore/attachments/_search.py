"""The search for media in JSON, by the formats of those who make it."""

import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias, cast

from spanscore.attachments import _anthropic, _bedrock, _data_uri, _gemini, _openai
from spanscore.attachments._medium import LEAST, Medium, Node
from spanscore.wire.attachments import REFERENCE_TYPES

Match: TypeAlias = Callable[[str | None, Node], Medium | None]
"""The media that a node is or has, seen alone with the key over it; None if it is of another kind."""

Put: TypeAlias = Callable[[Medium, Node], Any]
"""What takes the place of a node that has media; None leaves it."""

FORMATS: Final[dict[str, Match]] = {
    "anthropic": _anthropic.match,
    "bedrock": _bedrock.match,
    "gemini": _gemini.match,
    "openai": _openai.match,
    "data_uri": _data_uri.match,
}
"""Asked one after the other; the first that knows a node has it."""

MOST_DEPTH: Final = 128
"""What lies deeper is left as it is."""

_CHARACTERS: Final = rf"(?:[A-Za-z0-9+/_-]|\\/){{{LEAST}}}"
# Two, each with a beginning that is looked for as it is: that is many times as fast as one for both.
_FORMS: Final = (f";base64,{_CHARACTERS}", rf'"(?:bytes|data|result|b64_json)"\s*:\s*"{_CHARACTERS}')
_IN_TEXT: Final = tuple(map(re.compile, _FORMS))
_IN_BYTES: Final = tuple(re.compile(form.encode()) for form in _FORMS)
_MATCHES: Final = tuple(FORMATS.values())


def may_hold_media(data: str | bytes) -> bool:
    """Whether JSON may have media in it, or bytes that have JSON in them; False is certain.

    No JSON is parsed to say so.
    """
    if isinstance(data, bytes):
        return any(form.search(data) for form in _IN_BYTES)
    return any(form.search(data) for form in _IN_TEXT)


def replaced(value: Node, put: Put) -> Node:
    """The value with what `put` gives in the place of each node that has media.

    The value itself where nothing is replaced. References that are there already are left as they are, and
    what was found is not searched any further.
    """
    return _replaced(None, value, put, 0)


def _replaced(key: str | None, node: Node, put: Put, depth: int) -> Node:
    kind = cast("type[Any]", type(node))
    if depth > MOST_DEPTH or not (kind is dict or kind is list or (kind is str and len(node) > LEAST)):
        return node
    if kind is dict and _is_reference(node):
        return node
    for match in _MATCHES:
        found = match(key, node)
        if found is not None:
            given = put(found, node)
            return node if given is None else given
    if kind is dict:
        return _object(node, put, depth + 1)
    return _array(node, put, depth + 1) if kind is list else node


def _object(node: dict[str, Any], put: Put, depth: int) -> Node:
    items = {key: _replaced(key, child, put, depth) for key, child in node.items()}
    return node if all(items[key] is child for key, child in node.items()) else items


def _array(node: list[Any], put: Put, depth: int) -> Node:
    items = [_replaced(None, child, put, depth) for child in node]
    return node if all(new is old for new, old in zip(items, node, strict=True)) else items


def _is_reference(node: dict[str, Any]) -> bool:
    kind = node.get("type")
    return type(kind) is str and kind in REFERENCE_TYPES


def find_media(value: Node) -> list[tuple[Node, str]]:
    """The media that can be replaced in plain data: for each the node that it was found in, and its text."""
    found: list[tuple[Node, str]] = []

    def note(medium: Medium, node: Node) -> None:
        if medium.is_decodable:
            found.append((node, medium.text))

    replaced(value, note)
    return found
