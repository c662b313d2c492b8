"""What a prompt's data become with variables filled in."""

from typing import Any

import pytest

from spanscore.errors import PromptError
from spanscore.prompts._building import built

pytest.importorskip("pystache", reason="building prompts needs the extra prompts")


def chat(*messages: Any, **more: Any) -> dict[str, Any]:
    return {"prompt": {"type": "chat", "messages": list(messages), **more}, "options": {"model": "m"}}


def test_messages_parts_tools_and_calls_are_filled_in() -> None:
    data = chat(
        {"role": "system", "content": "Be {{mood}}", "name": None},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "{{q}}"},
                {"type": "image_url", "image_url": {"url": "{{url}}", "detail": "low"}},
                {"type": "file", "file": {"file_data": "{{data}}", "filename": "{{q}}.pdf"}},
                {"type": "input_audio", "input_audio": {"data": "{{kept}}"}},
                "{{kept}}",
            ],
        },
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"type": "function", "id": "{{q}}", "function": {"name": "f", "arguments": '{"q":"{{q}}"}'}}
            ],
        },
        {"role": "tool", "content": "{{q}}", "tool_call_id": "{{q}}"},
        tools='[{"type": "function", "function": {"name": "{{q}}"}}]',
    )
    variables = {"mood": "kind", "q": "why", "url": "http://x", "data": "AAA"}
    assert built(data, variables, defaults={"temperature": 1, "model": "other"}) == {
        "temperature": 1,
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be kind"},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "why"},
                    {"type": "image_url", "image_url": {"url": "http://x", "detail": "low"}},
                    {"type": "file", "file": {"file_data": "AAA", "filename": "why.pdf"}},
                    {"type": "input_audio", "input_audio": {"data": "{{kept}}"}},
                    "{{kept}}",
                ],
            },
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {"type": "function", "id": "why", "function": {"name": "f", "arguments": '{"q":"why"}'}}
                ],
            },
            {"role": "tool", "content": "why", "tool_call_id": "why"},
        ],
        "tools": [{"type": "function", "function": {"name": "why"}}],
    }


def test_a_completion_has_a_text() -> None:
    data = {"prompt": {"type": "completion", "content": "Say {{x}}"}, "options": {"model": "m"}}
    assert built(data, {"x": 1}, defaults={}) == {"model": "m", "prompt": "Say 1"}


def test_parameters_go_to_the_model_but_for_the_proxys() -> None:
    schema = {"name": "answer", "schema": {"enum": ["{{a}}", 3]}}
    data = chat()
    data["options"]["params"] = {
        "temperature": 0,
        "use_cache": True,
        "response_format": {"type": "json_schema", "json_schema": schema},
    }
    assert built(data, {"a": "yes"}, defaults={}) == {
        "temperature": 0,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": {"enum": ["yes", 3]}},
        },
        "model": "m",
        "messages": [],
    }
    schema["schema"] = "{{{whole}}}"
    form = built(data, {"whole": {"type": "object"}}, defaults={})["response_format"]
    assert form["json_schema"]["schema"] == {"type": "object"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"prompt": {"type": "chat", "messages": []}}, "the prompt names no model"),
        ({"options": {"model": "m"}}, "the prompt is empty"),
        (chat(tools="{{no}} json"), "the prompt's tools are no JSON once built"),
    ],
)
def test_what_cannot_be_built(data: dict[str, Any], message: str) -> None:
    with pytest.raises(PromptError, match=message):
        built(data, {}, defaults={})
