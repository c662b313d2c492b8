import sys
import threading
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import Link, SpanContext, Status, StatusCode

from finished_spans import finished
from spanscore._json import JsonText, from_json, to_json
from spanscore.delivery._redaction import Redactor
from spanscore.wire.records import RowUpdate

KEY = "sk" + "-ant-api03-" + "a1B2c3D4e5" * 4
OTHER = "gh" + "p_" + "a1B2c3D4e5F6" * 3


def redacted(attributes: dict[str, Any]) -> Any:
    record = Redactor().record(finished(attributes, parent=None))
    assert isinstance(record, ReadableSpan)
    return dict(record.attributes or {})


def test_all_texts_of_a_span_are_searched() -> None:
    span = finished(
        {"a": f"<{KEY}>", "b": [f"{KEY}", "x"], "c": {"d": (KEY, 1)}, KEY: True, "e": KEY.encode(), "n": 1},
        name=f"call {KEY}",
        events=[Event("exception", {"exception.message": f"bad key {KEY}", "n": 1}, 5)],
        status=Status(StatusCode.ERROR, f"401 for {OTHER}"),
    )
    link = Link(SpanContext(7, 8, is_remote=False), {"url": f"https://ann:{KEY}@host"})
    span = ReadableSpan(
        **{
            name: getattr(span, name)
            for name in ("name", "context", "attributes", "events", "status", "start_time", "resource")
        },
        links=[link],
    )
    redactor = Redactor()
    record = redactor.record(span)
    assert isinstance(record, ReadableSpan)
    assert record.name == "call <redacted>"
    assert record.attributes == {
        "a": "<<redacted>>",
        "b": ["<redacted>", "x"],
        "c": {"d": ("<redacted>", 1)},
        "<redacted>": True,
        "e": b"<redacted>",
        "n": 1,
        "braintrust.parent": "project_name:support bot",
    }
    assert [(event.name, event.timestamp, event.attributes) for event in record.events] == [
        ("exception", 5, {"exception.message": "bad key <redacted>", "n": 1})
    ]
    assert [link.attributes for link in record.links] == [{"url": "https://ann:<redacted>@host"}]
    assert (record.status.status_code, record.status.description) == (StatusCode.ERROR, "401 for <redacted>")
    assert (record.context, record.start_time, record.resource) == (
        span.context,
        span.start_time,
        span.resource,
    )
    assert redactor.counts == {"anthropic-key": 7, "github-token": 1, "url-password": 1}


def test_a_record_without_secrets_is_the_same() -> None:
    span = finished({"a": "b", "n": [1, 2], "j": to_json({"a": [1]})}, events=[Event("e", {"a": "b"})])
    update = RowUpdate(parent="p", trace_id=1, span_id=2, fields={"output": to_json("bearer of news")})
    assert Redactor().record(span) is span
    assert Redactor().record(update) is update


def test_json_stays_json_and_the_rest_of_it_as_it_was() -> None:
    messages = [{"role": "user", "content": f"my key:\n{KEY}\nand {OTHER}", "n": [1.0, 10**30, None]}]
    call = {
        "arguments": orjson.dumps({"api_key": "k", "deep": orjson.dumps({"password": "p"}).decode()}).decode()
    }
    headers = [["X-Api-Key", "in-the-clear"], ["Host", "h"], ["Authorization", "Basic dXNlcjpwYXNz"]]
    read = redacted(
        {"m": to_json({"messages": messages, "call": call, "headers": headers, KEY: 1, OTHER: 2})}
    )
    assert type(read["m"]) is JsonText
    assert from_json(read["m"]) == {
        "messages": [
            {"role": "user", "content": "my key:\n<redacted>\nand <redacted>", "n": [1.0, 10**30, None]}
        ],
        "call": {"arguments": r'{"api_key":"<redacted>","deep":"{\"password\":\"<redacted>\"}"}'},
        "headers": [["X-Api-Key", "<redacted>"], ["Host", "h"], ["Authorization", "Basic <redacted>"]],
        "<redacted>": 1,
        "<redacted> (4)": 2,
    }


def test_json_of_others_is_text() -> None:
    read = redacted({"gen_ai.input.messages": '[{"token": "' + OTHER + '", "password": "p\\"q"}]'})
    assert read == {"gen_ai.input.messages": '[{"token": "<redacted>", "password": "<redacted>"}]'}
    assert type(read["gen_ai.input.messages"]) is str


def test_what_is_no_json_though_it_says_so_is_redacted_too() -> None:
    read = redacted({"a": JsonText("{" + KEY)})
    assert read == {"a": '"{<redacted>"'}


def test_deep_json_is_redacted_with_little_stack_left() -> None:
    value: Any = KEY
    for _ in range(240):
        value = [value]
    text = to_json(value)
    assert redacted({"a": text})["a"] == text.replace(KEY, "<redacted>")

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(400)
    try:
        read = redacted({"a": text})["a"]
    finally:
        sys.setrecursionlimit(limit)
    assert KEY not in read


def test_the_end_of_an_escape_is_no_start_of_a_secret() -> None:
    text = to_json({"a": "\n" + "pm_" + "a1B2c3" * 6, "b": KEY})
    assert redacted({"a": text})["a"] == text.replace(KEY, "<redacted>")


def test_a_row_update_is_redacted() -> None:
    update = RowUpdate(
        parent="p",
        trace_id=1,
        span_id=2,
        fields={"output": to_json({"k": KEY}), "scores": JsonText('{"a":1}')},
    )
    redactor = Redactor()
    assert redactor.record(update) == RowUpdate(
        parent="p",
        trace_id=1,
        span_id=2,
        fields={"output": JsonText('{"k":"<redacted>"}'), "scores": JsonText('{"a":1}')},
    )
    assert redactor.counts == {"anthropic-key": 1}


def test_no_count_is_lost_between_threads() -> None:
    redactor = Redactor()
    update = RowUpdate(parent="p", trace_id=1, span_id=2, fields={"output": to_json(KEY)})
    threads = [
        threading.Thread(target=lambda: [redactor.record(update) for _ in range(200)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert redactor.counts == {"anthropic-key": 800}


def test_many_records_are_looked_at_at_once() -> None:
    assert Redactor().may_hold_secret(b"\x00\xff" + KEY.encode())
    assert not Redactor().may_hold_secret(b'{"password":"<redacted>"}' * 100)


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(["\\", '"', "\n", "é\u2028", "}]"]),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
    max_leaves=12,
)


@given(plain, st.data())
def test_secrets_put_anywhere_into_json_are_gone_and_all_else_is_there(
    value: Any, data: st.DataObject
) -> None:
    secret = data.draw(
        st.sampled_from([KEY, OTHER, f"postgres://u:{OTHER}@h", "-----BEGIN PRIVATE KEY-----"])
    )
    if secret.startswith("-----"):
        secret = f"{secret}\n{'MIIEvQIBADANBgkqhkiG' * 3}\n-----END PRIVATE KEY-----\n"

    def planted(part: Any) -> Any:
        if isinstance(part, list):
            return [planted(item) for item in part]
        if isinstance(part, dict):
            return {key: planted(item) for key, item in part.items()}
        if isinstance(part, str) and data.draw(st.booleans()):
            at = data.draw(st.integers(0, len(part)))
            return f"{part[:at]} {secret} {part[at:]}"
        return part

    def cleaned(part: Any) -> Any:
        if isinstance(part, list):
            return [cleaned(item) for item in part]
        if isinstance(part, dict):
            return {key: cleaned(item) for key, item in part.items()}
        if isinstance(part, str):
            kept = "postgres://u:<redacted>@h" if secret.startswith("postgres") else "<redacted>"
            tail = "\n" if secret.endswith("\n") else ""
            return part.replace(secret, kept + tail)
        return part

    value = [planted(value), secret]
    text = to_json(value, redact=False)
    read = redacted({"a": text})["a"]
    assert type(read) is JsonText
    assert from_json(read) == cleaned(from_json(text))
