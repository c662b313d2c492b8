"""Messages of the Converse API, whose content blocks say of what type they are."""

from collections.abc import Mapping
from typing import Any, Final, cast

from spanscore.integrations._plain import fields_of

_TYPES: Final = {
    "toolUse": "tool_use",
    "toolResult": "tool_result",
    "guardContent": "guard_content",
    "cachePoint": "cache_point",
    "reasoningContent": "reasoning",
    "citationsContent": "citations",
    "searchResult": "search_result",
}
"""The types of blocks that are not called like their only field, as `text` and `image` are."""

_UNKNOWN: Final = "SDK_UNKNOWN_MEMBER"
"""Where botocore puts the name of a field that is newer than itself."""


def told_messages(messages: Any, system: Any) -> Any:
    """The messages with the system prompt in front of them; None if there is neither."""
    told = _messages(messages)
    if not system:
        return told
    prompt = {"role": "system", "content": told_blocks(system)}
    if told is None:
        return [prompt]
    return [prompt, *cast("list[Any]", told)] if isinstance(told, list) else [prompt, told]


def told_message(message: Any) -> Any:
    """A message with typed blocks; anything else as it is."""
    if not isinstance(message, Mapping):
        return message
    fields = cast("Mapping[str, Any]", message)
    if "content" not in fields:
        return fields
    return {**fields, "content": told_blocks(fields["content"])}


def told_blocks(blocks: Any) -> Any:
    """Content blocks, each with a `type` in front: `{"type": "text", "text": …}`; anything else as it is."""
    if not isinstance(blocks, list | tuple):
        return blocks
    return [_told_block(block) for block in cast("list[Any]", blocks)]


def _messages(messages: Any) -> Any:
    if not isinstance(messages, list | tuple):
        return messages
    return [told_message(message) for message in cast("list[Any]", messages)]


def _told_block(block: Any) -> Any:
    fields = fields_of(block)
    if not fields:
        return block
    name = next(iter(fields))
    if name == _UNKNOWN:
        name = fields_of(fields[name]).get("name", name)
    return {"type": _TYPES.get(name, name), **fields}
