import logging
from typing import Any

import pytest
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import Status, StatusCode

from finished_spans import finished
from hostile import HOSTILE, Hostile, raiser
from spanscore._json import JsonText, from_json, to_json
from spanscore.delivery._masking import FAILED, Masking, field_of, is_data
from spanscore.wire.records import RowUpdate

ATTRIBUTES = {
    "braintrust.input_json": JsonText('{"q":"why?","n":1}'),
    "braintrust.output": "because",
    "braintrust.expected_json": '["x"]',
    "braintrust.metadata": JsonText('{"user":"ann"}'),
    "braintrust.metadata.age": 33,
    "braintrust.metrics": JsonText('{"tokens":5}'),
    "braintrust.scores": JsonText('{"exact":1}'),
    "braintrust.tags": ("a", "b"),
    "gen_ai.request.model": "gpt",
    "gen_ai.input.messages": '[{"role":"user"}]',
    "gen_ai.completion.0.content": "yes",
    "llm.prompts": ("one", "two"),
}
UNMASKED = ("braintrust.metrics", "braintrust.scores", "braintrust.tags", "gen_ai.request.model")


def span() -> ReadableSpan:
    events = [
        Event("exception", {"exception.message": "for ann", "exception.type": "E"}, 5),
        Event("gen_ai.choice", {"content": "yes", "index": 0}, 6),
        Event("gen_ai.user.message", {"content": "why?"}, 7),
        Event("tick", {"n": 1}, 8),
    ]
    return finished(ATTRIBUTES, events=events, status=Status(StatusCode.ERROR, "for ann"), parent=None)


def update() -> RowUpdate:
    fields = {"input": to_json("why?"), "error": to_json("for ann"), "scores": to_json({"a": 1})}
    return RowUpdate(parent="p", trace_id=1, span_id=2, fields=fields)


def masked(masking: Masking) -> ReadableSpan:
    record = masking.masked(span())
    assert isinstance(record, ReadableSpan)
    return record


def test_without_functions_records_are_themselves() -> None:
    masking = Masking()
    given = span(), update()
    assert not masking.is_on
    assert tuple(masking.masked(record) for record in given) == given
    assert masking.masked(given[0]) is given[0]


def test_the_masking_function_is_given_the_value_of_each_field() -> None:
    masking = Masking()
    seen: list[Any] = []
    masking.masking_function = lambda value: seen.append(value) or "***"
    record = masked(masking)
    attributes = dict(record.attributes or {})
    assert seen == [
        {"q": "why?", "n": 1},
        "because",
        ["x"],
        {"user": "ann"},
        33,
        [{"role": "user"}],
        "yes",
        ["one", "two"],
        "for ann",
        "yes",
        0,
        "why?",
        "for ann",
    ]
    as_json = {key for key, value in ATTRIBUTES.items() if type(value) is JsonText} - set(UNMASKED)
    assert attributes == {
        key: value if key in UNMASKED else '"***"' if key in as_json else "***"
        for key, value in ATTRIBUTES.items()
    }
    assert all(type(attributes[key]) is JsonText for key in as_json)
    assert [dict(event.attributes or {}) for event in record.events] == [
        {"exception.message": "***", "exception.type": "E"},
        {"content": "***", "index": "***"},
        {"content": "***"},
        {"n": 1},
    ]
    assert record.status.description == "***"
    assert masking.masked(update()) == RowUpdate(
        parent="p",
        trace_id=1,
        span_id=2,
        fields={"input": JsonText('"***"'), "error": JsonText('"***"'), "scores": JsonText('{"a":1}')},
    )


def test_the_other_function_is_given_the_name_of_the_field_too_and_comes_second() -> None:
    masking = Masking()
    masking.masking_function = lambda value: {"was": value}
    masking.redact = lambda field, value: [field, value]
    record = masked(masking)
    attributes = record.attributes
    assert attributes is not None
    assert attributes["braintrust.output"] == '["output",{"was":"because"}]'
    assert attributes["braintrust.metadata"] == '["metadata",{"was":{"user":"ann"}}]'
    assert record.status.description == '["error",{"was":"for ann"}]'


def test_a_function_that_changes_nothing_leaves_everything_as_it_is() -> None:
    masking = Masking()
    masking.masking_function = lambda value: value
    record = masked(masking)
    read: dict[str, Any] = dict(record.attributes or {})
    assert from_json(read.pop("llm.prompts")) == ["one", "two"]
    assert read == {key: value for key, value in ATTRIBUTES.items() if key in read}
    assert {key for key in read if key.endswith("_json") and type(read[key]) is not JsonText} == set()


@pytest.mark.parametrize("error", [ValueError, SystemExit, GeneratorExit, RecursionError, MemoryError])
def test_a_function_that_raises_lets_nothing_through(
    error: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    masking = Masking()
    masking.masking_function = raiser(error)
    with caplog.at_level(logging.ERROR):
        record = masked(masking)
    assert [key for key, value in (record.attributes or {}).items() if FAILED not in str(value)] == list(
        UNMASKED
    )
    assert record.status.description == FAILED
    assert masking.failures == 13
    assert [entry.getMessage() for entry in caplog.records] == [
        f"a masking function raised {error.__name__}; the input is recorded as '<masking failed>' from now on"
    ]


def test_a_function_that_fails_on_one_field_fails_there_only() -> None:
    def redact(field: str, value: Any) -> Any:
        if field == "input":
            raise ValueError("no")
        return value

    masking = Masking()
    masking.redact = redact
    attributes = masked(masking).attributes
    assert attributes is not None
    assert attributes["braintrust.input_json"] == '"<masking failed>"'
    assert attributes["braintrust.output"] == "because"


def test_ctrl_c_passes() -> None:
    masking = Masking()
    masking.masking_function = raiser(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        masking.masked(span())


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.name)
def test_whatever_a_function_returns_becomes_json(case: Hostile) -> None:
    masking = Masking()
    masking.masking_function = lambda _value: case.make()
    record = masking.masked(RowUpdate(parent="p", trace_id=1, span_id=2, fields={"input": JsonText("1")}))
    assert isinstance(record, RowUpdate)
    from_json(record.fields["input"])
    if masking.failures:
        assert record.fields["input"] == '"<masking failed>"'


@pytest.mark.parametrize("value", [object(), {1: 2}, b"a", {"a": [{1}]}, (item for item in "a"), lambda: 1])
def test_what_is_no_data_fails(value: Any) -> None:
    assert not is_data(value)
    masking = Masking()
    masking.masking_function = lambda _value: value
    assert masking.masked(update()) != update()
    assert masking.failures == 2


@pytest.mark.parametrize("value", [None, True, 1, 10**30, 0.5, "a", [(1,)], {"a": {"b": []}}, JsonText("1")])
def test_data(value: Any) -> None:
    assert is_data(value)


def test_what_contains_itself_is_looked_at_once() -> None:
    value: list[Any] = []
    value.extend([value] * 50)
    assert is_data(value)


def test_a_span_of_the_function_itself_is_masked_without_it() -> None:
    masking = Masking()
    inner: list[Any] = []

    def mask(_value: Any) -> Any:
        inner.append(masking.masked(update()))
        return "***"

    masking.masking_function = mask
    record = masking.masked(update())
    assert isinstance(record, RowUpdate)
    assert record.fields["input"] == '"***"'
    assert inner[0].fields == {"input": f'"{FAILED}"', "error": f'"{FAILED}"', "scores": '{"a":1}'}


def test_invalid_json_is_not_let_through() -> None:
    masking = Masking()
    masking.masking_function = lambda value: value
    given = RowUpdate(parent="p", trace_id=1, span_id=2, fields={"input": JsonText("{ann")})
    assert masking.masked(given) == RowUpdate(
        parent="p", trace_id=1, span_id=2, fields={"input": to_json(FAILED)}
    )


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("braintrust.input", "input"),
        ("braintrust.input_json", "input"),
        ("braintrust.metadata.a.b", "metadata"),
        ("gen_ai.prompt.0.content", "input"),
        ("gen_ai.completion_json", "output"),
        ("exception.stacktrace", "error"),
        ("gen_ai.usage.input_tokens", None),
        ("braintrust.inputs", None),
        ("", None),
    ],
)
def test_field_of(key: str, field: str | None) -> None:
    assert field_of(key) == field
