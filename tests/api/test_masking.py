from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from hostile import raiser
from spanscore import flush, init_logger, set_masking_function, setup, traced
from spanscore._json import CREDENTIALS, from_json, to_json
from spanscore.delivery._masking import MASKING
from spanscore.errors import ConfigError


@pytest.fixture(autouse=True)
def _no_masking() -> Iterator[None]:
    yield
    set_masking_function(None)
    MASKING.redact = None
    CREDENTIALS.is_on = True


def test_the_function_is_in_force_until_it_is_taken_away() -> None:
    def mask(value: Any) -> Any:
        return value

    set_masking_function(mask)
    assert MASKING.masking_function is mask
    set_masking_function(None)
    assert not MASKING.is_on


async def asynchronous(value: Any) -> Any:
    return value


@pytest.mark.parametrize("function", ["***", asynchronous], ids=["text", "asynchronous"])
def test_what_cannot_mask_is_refused(function: Any) -> None:
    with pytest.raises(ConfigError, match="the masking function"):
        set_masking_function(function)
    assert not MASKING.is_on


KEY = "gh" + "p_" + "a1B2c3D4e5F6" * 3


class AskError(Exception):
    pass


@traced
def ask(question: str, password: str) -> str:
    raise AskError(f"no answer to {question}")


def spool_of(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in (home / "spool").rglob("*") if path.is_file())


@pytest.mark.parametrize(("redact_at", "is_there"), [("send", True), ("span", False)])
def test_what_is_in_the_spool(
    redact_at: Literal["send", "span"], is_there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listens at the destination: what is on disk is what was written."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    setup(home=tmp_path, destinations=["otlp"], redact_at=redact_at, redact=hide_ann)
    init_logger("redaction")
    with pytest.raises(AskError, match="ann"):
        ask(f"is {KEY} the key of ann?", password="hunter2")
    data = spool_of(tmp_path)
    assert b"the key of <hidden>?" in data
    assert b'"password":"<redacted>"' in data
    assert [text for text in (b"hunter2", b"of ann") if text in data] == []
    assert (KEY.encode() in data) is is_there


def hide_ann(field: str, value: Any) -> Any:
    """By way of text, which the message of an error and the input have in common."""
    return from_json(to_json(value).replace("of ann", "of <hidden>"))


def test_what_arrives_has_no_secrets() -> None:
    exporter = InMemorySpanExporter()
    setup(destinations=[exporter])
    init_logger("redaction")
    with pytest.raises(AskError):
        ask(f"is {KEY} my key?", password="hunter2")
    assert flush()
    [span] = exporter.get_finished_spans()
    text = span.to_json()
    assert [secret for secret in (KEY, "hunter2") if secret in text] == []
    [event] = span.events
    assert event.attributes is not None
    assert event.attributes["exception.message"] == "no answer to is <redacted> my key?"
    assert span.attributes is not None
    assert span.attributes["braintrust.input_json"] == (
        '{"question":"is <redacted> my key?","password":"<redacted>"}'
    )


def test_all_of_it_can_be_off() -> None:
    exporter = InMemorySpanExporter()
    setup(destinations=[exporter], redact=False)
    init_logger("redaction")
    with pytest.raises(AskError):
        ask(f"is {KEY} my key?", password="hunter2")
    assert flush()
    text = exporter.get_finished_spans()[0].to_json()
    assert [secret for secret in (KEY, "hunter2") if secret not in text] == []
    setup(destinations=[exporter])
    assert CREDENTIALS.is_on


def test_a_function_that_raises_harms_nobody_and_shows_nothing() -> None:
    exporter = InMemorySpanExporter()
    setup(destinations=[exporter])
    set_masking_function(raiser(SystemExit))
    init_logger("redaction")
    with pytest.raises(AskError, match="in the clear"):
        ask("in the clear", password="hunter2")
    assert flush()
    text = exporter.get_finished_spans()[0].to_json()
    assert "in the clear" not in text
    assert "<masking failed>" in text


def test_a_function_may_be_traced_itself() -> None:
    exporter = InMemorySpanExporter()
    setup(destinations=[exporter])
    set_masking_function(traced(lambda value: "***"))
    init_logger("redaction")
    with pytest.raises(AskError):
        ask("in the clear", password="hunter2")
    assert flush()
    assert [span.name for span in exporter.get_finished_spans()] == ["ask"]
