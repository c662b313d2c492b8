"""Blocks get a type in front and stay what they are; what is no message is told as it is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.integrations.bedrock._content import told_blocks, told_messages

HI = {"role": "user", "content": [{"text": "hi"}]}
TOLD_HI = {"role": "user", "content": [{"type": "text", "text": "hi"}]}

BLOCKS: dict[str, tuple[Any, Any]] = {
    "text": ({"text": "hi"}, {"type": "text", "text": "hi"}),
    "image": (
        {"image": {"format": "png", "source": {"bytes": b"\x89"}}},
        {"type": "image", "image": {"format": "png", "source": {"bytes": b"\x89"}}},
    ),
    "document": (
        {"document": {"format": "pdf", "name": "a", "source": {"bytes": b"%PDF"}}},
        {"type": "document", "document": {"format": "pdf", "name": "a", "source": {"bytes": b"%PDF"}}},
    ),
    "tool use": (
        {"toolUse": {"toolUseId": "t", "name": "f", "input": {"a": 1}}},
        {"type": "tool_use", "toolUse": {"toolUseId": "t", "name": "f", "input": {"a": 1}}},
    ),
    "tool result": (
        {"toolResult": {"toolUseId": "t", "content": [{"json": {"a": 1}}]}},
        {"type": "tool_result", "toolResult": {"toolUseId": "t", "content": [{"json": {"a": 1}}]}},
    ),
    "reasoning": (
        {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "s"}}},
        {"type": "reasoning", "reasoningContent": {"reasoningText": {"text": "hm", "signature": "s"}}},
    ),
    "cache point": (
        {"cachePoint": {"type": "default"}},
        {"type": "cache_point", "cachePoint": {"type": "default"}},
    ),
    "newer than botocore": (
        {"SDK_UNKNOWN_MEMBER": {"name": "hologram"}},
        {"type": "hologram", "SDK_UNKNOWN_MEMBER": {"name": "hologram"}},
    ),
    "of no known shape": ("hi", "hi"),
    "empty": ({}, {}),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_gets_its_type_in_front(name: str) -> None:
    block, told = BLOCKS[name]
    (got,) = told_blocks([block])
    assert got == told
    assert not isinstance(got, dict) or list(got) == list(told)


def test_the_system_prompt_comes_first() -> None:
    system = [{"text": "be brief"}, {"cachePoint": {"type": "default"}}]
    assert told_messages([HI], system) == [
        {
            "role": "system",
            "content": [
                {"type": "text", "text": "be brief"},
                {"type": "cache_point", "cachePoint": {"type": "default"}},
            ],
        },
        TOLD_HI,
    ]


@pytest.mark.parametrize(
    ("messages", "system", "told"),
    [
        (None, None, None),
        ([], None, []),
        ([HI], [], [TOLD_HI]),
        (None, [{"text": "s"}], [{"role": "system", "content": [{"type": "text", "text": "s"}]}]),
        ("hi", None, "hi"),
        ("hi", "s", [{"role": "system", "content": "s"}, "hi"]),
        ([None, 5, {"role": "user"}, {"content": 5}], None, [None, 5, {"role": "user"}, {"content": 5}]),
    ],
)
def test_what_is_missing_or_deviates_is_told_as_it_is(messages: Any, system: Any, told: Any) -> None:
    assert told_messages(messages, system) == told


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["role", "content", "text", "toolUse", "type"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON, JSON)
def test_anything_can_be_told(messages: Any, system: Any) -> None:
    told_messages(messages, system)


def test_what_is_sent_stays_untouched() -> None:
    messages = [{"role": "user", "content": [{"text": "hi"}]}]
    told_messages(messages, [{"text": "s"}])
    assert messages == [HI]
