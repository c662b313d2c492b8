"""Answers of OpenAI's Responses API, whole and as the events that stream them."""

from collections.abc import Iterator
from typing import Any

from fake_openai import Json, Reply, streamed

SUMMARY = [{"type": "summary_text", "text": "First look."}, {"type": "summary_text", "text": "Then answer."}]
CITATION = {
    "type": "url_citation",
    "start_index": 0,
    "end_index": 3,
    "title": "News",
    "url": "https://example.com/news",
}
REASONING: Json = {"id": "rs_1", "type": "reasoning", "summary": SUMMARY}
OPEN_REASONING: Json = {
    "id": "rs_2",
    "type": "reasoning",
    "summary": [],
    "content": [{"type": "reasoning_text", "text": "12 and 12 make 24."}],
    "encrypted_content": "gAAAA",
    "status": "completed",
}
MESSAGE: Json = {
    "id": "msg_1",
    "type": "message",
    "status": "completed",
    "role": "assistant",
    "content": [
        {"type": "output_text", "annotations": [CITATION], "logprobs": [], "text": "It is 24, as they say."},
        {"type": "output_text", "annotations": [], "logprobs": [], "text": "Anything else?"},
    ],
}
REFUSAL: Json = {
    "id": "msg_2",
    "type": "message",
    "status": "completed",
    "role": "assistant",
    "content": [{"type": "refusal", "refusal": "I will not say."}],
}
FUNCTION_CALL: Json = {
    "id": "fc_1",
    "type": "function_call",
    "status": "completed",
    "arguments": '{"city": "Par',
    "call_id": "call_1",
    "name": "weather",
}
CUSTOM_CALL: Json = {
    "id": "ctc_1",
    "type": "custom_tool_call",
    "status": "completed",
    "call_id": "call_2",
    "input": "grep -r TODO",
    "name": "shell",
}
WEB_SEARCH: Json = {
    "id": "ws_1",
    "type": "web_search_call",
    "status": "completed",
    "action": {"type": "search", "query": "news"},
}
FILE_SEARCH: Json = {
    "id": "fs_1",
    "type": "file_search_call",
    "status": "completed",
    "queries": ["spans"],
    "results": [{"file_id": "file_1", "filename": "a.md", "score": 0.5, "text": "a span"}],
}
CODE: Json = {
    "id": "ci_1",
    "type": "code_interpreter_call",
    "status": "completed",
    "code": "print(12 + 12)",
    "container_id": "cntr_1",
    "outputs": [{"type": "logs", "logs": "24\n"}],
}
COMPUTER: Json = {
    "id": "cu_1",
    "type": "computer_call",
    "status": "completed",
    "call_id": "call_3",
    "action": {"type": "screenshot"},
    "pending_safety_checks": [],
}
IMAGE: Json = {"id": "ig_1", "type": "image_generation_call", "status": "completed", "result": "aW1hZ2U="}
MCP_TOOLS: Json = {
    "id": "mcpl_1",
    "type": "mcp_list_tools",
    "server_label": "docs",
    "tools": [{"name": "ask", "input_schema": {"type": "object"}, "description": None, "annotations": None}],
}
MCP_CALL: Json = {
    "id": "mcp_1",
    "type": "mcp_call",
    "status": "completed",
    "arguments": '{"question": "why?"}',
    "name": "ask",
    "server_label": "docs",
    "output": "because",
    "error": None,
    "approval_request_id": None,
}
ITEMS = (
    REASONING,
    OPEN_REASONING,
    MCP_TOOLS,
    MCP_CALL,
    WEB_SEARCH,
    FILE_SEARCH,
    CODE,
    COMPUTER,
    IMAGE,
    FUNCTION_CALL,
    CUSTOM_CALL,
    MESSAGE,
    REFUSAL,
)
"""An item of every type, as a response has them when it is complete."""

USAGE: Json = {
    "input_tokens": 5,
    "input_tokens_details": {"cached_tokens": 3, "cache_write_tokens": 0},
    "output_tokens": 7,
    "output_tokens_details": {"reasoning_tokens": 2},
    "total_tokens": 12,
}
_SETTINGS: Json = {
    "background": False,
    "error": None,
    "incomplete_details": None,
    "instructions": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "reasoning": {"effort": None, "summary": None},
    "service_tier": "default",
    "temperature": 1.0,
    "text": {"format": {"type": "text"}},
    "tool_choice": "auto",
    "tools": [],
    "top_p": 1.0,
    "truncation": "disabled",
}


def message(text: str) -> Json:
    """An output item of one text."""
    return {**MESSAGE, "content": [{"type": "output_text", "annotations": [], "logprobs": [], "text": text}]}


def response(*output: Json, **fields: Any) -> Json:
    """A whole response with these output items."""
    head = {"id": "resp_1", "object": "response", "created_at": 1, "status": "completed"}
    rest = {"model": "gpt-4o-mini-2024-07-18", "output": list(output), "usage": USAGE}
    return {**head, **_SETTINGS, **rest, **fields}


def response_events(answer: Json) -> list[Json]:
    """The events that a response is streamed as, the last of which brings all of it once more."""
    begun = {**answer, "status": "in_progress", "output": [], "usage": None, "error": None}
    events = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
    ]
    for index, item in enumerate(answer["output"]):
        events += [{**event, "output_index": index} for event in _item_events(item)]
    events.append({"type": f"response.{answer['status']}", "response": answer})
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


def streamed_response(answer: Json) -> Reply:
    """A reply with the events of a response; unlike a chat's they have names, and no `[DONE]` at the end."""
    return named(response_events(answer))


def named(events: list[Json], *, is_cut: bool = False) -> Reply:
    """A reply with events under their names."""
    plain = streamed(events, is_cut=True)
    lines = plain.body.split("\n\n")[:-1]
    body = "".join(f"event: {event['type']}\n{line}\n\n" for event, line in zip(events, lines, strict=True))
    return Reply(content_type=plain.content_type, body=body, is_cut=is_cut)


_TEXTS = {
    "code_interpreter_call": ("code", "code_interpreter_call_code"),
    "custom_tool_call": ("input", "custom_tool_call_input"),
    "function_call": ("arguments", "function_call_arguments"),
    "mcp_call": ("arguments", "mcp_call_arguments"),
}
_UNKNOWN: Json = {
    "content": [],
    "output": None,
    "outputs": None,
    "queries": [],
    "result": None,
    "results": None,
    "summary": [],
    "tools": [],
}
"""What the fields say whose content is not there yet."""


def begun(item: Json) -> Json:
    """An item as it is when it is begun: without its content."""
    started = {name: _UNKNOWN.get(name, value) for name, value in item.items()}
    if "status" in item:
        started["status"] = "in_progress"
    if item["type"] in _TEXTS:
        started[_TEXTS[item["type"]][0]] = ""
    return started


def _item_events(item: Json) -> Iterator[Json]:
    kind = item["type"]
    yield {"type": "response.output_item.added", "item": begun(item)}
    told = {"item_id": item["id"]}
    for number, part in enumerate(item.get("summary", [])):
        for event in _part_events("reasoning_summary_part", "reasoning_summary_text", "text", part):
            yield {**event, **told, "summary_index": number}
    for number, part in enumerate(item.get("content", [])):
        field = "refusal" if part["type"] == "refusal" else "text"
        for event in _part_events("content_part", part["type"], field, part):
            yield {**event, **told, "content_index": number}
    if kind in _TEXTS:
        field, name = _TEXTS[kind]
        for event in _text_events(name, field, item[field]):
            yield {**event, **told, "name": item["name"]} if "name" in item else {**event, **told}
    if kind == "image_generation_call":
        yield {
            **_type(f"{kind}.partial_image"),
            **told,
            "partial_image_index": 0,
            "partial_image_b64": "cGFydA==",
        }
    if kind.endswith("_call") and kind not in ("function_call", "custom_tool_call", "computer_call"):
        yield {**_type(f"{kind}.in_progress"), **told}
        yield {**_type(f"{kind}.completed"), **told}
    yield {"type": "response.output_item.done", "item": item}


def _part_events(name: str, text_name: str, field: str, part: Json) -> Iterator[Json]:
    empty = {**part, field: ""}
    annotations = part.get("annotations", [])
    if annotations:
        empty["annotations"] = []
    yield {**_type(f"{name}.added"), "part": empty}
    for event in _text_events(text_name, field, part[field]):
        is_text = text_name == "output_text"
        yield {**event, "logprobs": []} if is_text else event
    for number, annotation in enumerate(annotations):
        yield {**_type("output_text.annotation.added"), "annotation_index": number, "annotation": annotation}
    yield {**_type(f"{name}.done"), "part": part}


def _text_events(name: str, field: str, text: str) -> Iterator[Json]:
    for start in range(0, len(text), 4):
        yield {**_type(f"{name}.delta"), "delta": text[start : start + 4]}
    yield {**_type(f"{name}.done"), field: text}


def _type(name: str) -> Json:
    return {"type": f"response.{name}"}
