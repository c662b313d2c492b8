"""Media from the program to the place where they stay: whole, by themselves, whatever happens on the way."""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import SpanLimits
from opentelemetry.sdk.trace import TracerProvider as SdkTracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from fake_braintrust import KEY, FakeBraintrust
from http_sink import Answer, HttpSink, Request
from media import JPEG, PNG, data_uri, encoded, key, png, reference
from spanscore import Attachment, Eval, flush, init_logger, set_masking_function, setup, start_span, traced
from spanscore._config import Settings
from spanscore._connect import drain, open_store
from spanscore.wire.parent import Parent
from spanscore.wire.rows import Row

pytestmark = pytest.mark.core

PROJECT = Parent.parse("project_name:default")
PNG_URI = data_uri(PNG, "image/png")
IMAGE = reference(PNG, "image/png", "image.png")
SECRET = "ghp_" + "a1B2" * 9


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBraintrust]:
    with FakeBraintrust() as each:
        monkeypatch.setenv("BRAINTRUST_APP_URL", each.url)
        monkeypatch.setenv("BRAINTRUST_API_URL", each.url)
        monkeypatch.setenv("BRAINTRUST_API_KEY", KEY)
        yield each


def begin(**given: Any) -> None:
    setup(**given)
    init_logger("default")


def home() -> Path:
    return Settings.from_env().home


def rows(parent: Parent = PROJECT) -> list[Row]:
    store = open_store(Settings.from_env())
    try:
        return list(store.rows(parent))
    finally:
        store.close()


def stored() -> dict[str, bytes]:
    folder = home() / "attachments"
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def question(uri: str = PNG_URI) -> list[Any]:
    return [
        {
            "role": "user",
            "content": [{"type": "text", "text": "?"}, {"type": "image_url", "image_url": {"url": uri}}],
        }
    ]


def answered(image: Any = IMAGE) -> list[Any]:
    return question(image)


def record(value: Any, **more: Any) -> None:
    with start_span("call", type="llm") as span:
        span.log(input=value, **more)


@pytest.mark.parametrize("provider", ["our own", "the program's"])
def test_a_picture_of_twenty_megabytes_arrives_whole(provider: str) -> None:
    content = png(20_000_000)
    begin(tracer_provider=None if provider == "our own" else SdkTracerProvider(shutdown_on_exit=False))
    record(question(data_uri(content, "image/png")))
    assert (flush().waiting, flush().lost) == (0, {})
    (row,) = rows()
    assert row.input == answered(reference(content, "image/png", "image.png"))
    assert stored() == {key(content): content}


def test_bytes_of_a_request_arrive_whole() -> None:
    content = png(300_000)
    begin()
    record([{"role": "user", "content": [{"image": {"format": "png", "source": {"bytes": content}}}]}])
    flush()
    (row,) = rows()
    assert row.input[0]["content"][0]["image"]["source"]["bytes"] == reference(
        content, "image/png", "image.png"
    )
    assert stored() == {key(content): content}


def test_a_limit_of_the_provider_holds_for_media_too() -> None:
    """What it would cut in the middle, so that no JSON is left, is cut by us."""
    provider = SdkTracerProvider(span_limits=SpanLimits(max_attribute_length=1_000), shutdown_on_exit=False)
    begin(tracer_provider=provider)
    record(question(data_uri(png(5_000), "image/png")))
    flush()
    (row,) = rows()
    assert "characters cut" in json.dumps(row.input)


def test_spans_of_others_have_their_media_replaced_too() -> None:
    provider = SdkTracerProvider(shutdown_on_exit=False)
    begin(tracer_provider=provider)
    attributes = {"braintrust.input_json": json.dumps(question()), "braintrust.parent": str(PROJECT)}
    provider.get_tracer("somebody's").start_span("call", attributes=attributes).end()
    flush()
    assert [row.input for row in rows()] == [answered()]
    assert stored() == {key(PNG): PNG}


def test_item_63_the_live_span_is_not_touched() -> None:
    seen = InMemorySpanExporter()
    provider = SdkTracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(seen))
    begin(tracer_provider=provider)
    record(question())
    flush()
    (span,) = seen.get_finished_spans()
    assert json.loads(str((span.attributes or {})["braintrust.input_json"])) == question()


def test_media_logged_after_the_end_are_replaced() -> None:
    begin()
    with start_span("call") as span:
        pass
    span.log(output=question())
    flush()
    assert [row.output for row in rows()] == [answered()]


@pytest.mark.parametrize("switch", ["false", "0"])
def test_item_78_a_variable_switches_it_off(monkeypatch: pytest.MonkeyPatch, switch: str) -> None:
    monkeypatch.setenv("BRAINTRUST_AUTO_CONVERT_AI_ATTACHMENTS", switch)
    begin()
    picture = Attachment(data=JPEG, filename="a.jpg", content_type="image/jpeg")
    record(question(), output=[picture])
    flush()
    (row,) = rows()
    assert (row.input, row.output) == (question(), [reference(JPEG, "image/jpeg", "a.jpg")])
    assert stored() == {key(JPEG): JPEG}


def test_item_78_it_is_on_without_being_asked() -> None:
    assert Settings.from_env().convert_media is True


def test_media_stay_whole_where_secrets_are_taken_out_before_the_write() -> None:
    content = b"\x00\x00\x00" + png(300_000)
    # What looks like a key of Google's, in the middle of the picture.
    text = "AIza" + encoded(content)[4:]
    begin(redact_at="span")
    record([{"type": "input_audio", "input_audio": {"data": text, "format": "wav"}}, f"my key is {SECRET}"])
    flush()
    (row,) = rows()
    assert row.input[1] == "my key is <redacted>"
    (kept,) = stored().values()
    assert encoded(kept) == text


def test_media_stay_whole_behind_a_masking_function() -> None:
    content = png(2_000_000)
    begin()
    set_masking_function(lambda value: value)
    try:
        record(question(data_uri(content, "image/png")))
        flush()
    finally:
        set_masking_function(None)
    assert stored() == {key(content): content}


def test_a_place_without_bytes_gets_media_inline(monkeypatch: pytest.MonkeyPatch) -> None:
    with HttpSink() as sink:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", sink.url)
        begin(destinations=["otlp", "local"])
        record([*question(), f"my key is {SECRET}"])
        assert flush().lost == {}
        (request,) = sink.requests
    assert PNG_URI.encode() in request.content
    assert SECRET.encode() not in request.content
    assert [row.input[:1] for row in rows()] == [answered()]


def test_item_66_a_folder_that_cannot_be_written_costs_nothing_but_the_reference(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begin()
    folder = home() / "spool" / "attachments"
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        record(question())
        assert flush().lost == {}
    assert [row.input for row in rows()] == [question()]
    assert "media cannot be written to" in caplog.text


def test_an_eval_has_attachments_everywhere_and_its_task_the_object_itself() -> None:
    begin()
    picture = Attachment(data=PNG, filename="a.png", content_type="image/png")
    seen: list[Any] = []

    def task(input: Any) -> Any:
        seen.append(input["picture"])
        return {"copy": input["picture"], "size": len(input["picture"].data)}

    def scorer(input: Any, output: Any, expected: Any) -> float:
        seen.append(expected)
        return float(output["size"] == len(PNG))

    case = {"input": {"picture": picture}, "expected": picture, "metadata": {"shown": picture}}
    result = Eval("pictures", data=[case], task=task, scores=[scorer])
    assert seen == [picture, picture]
    flush()
    found = {row.name: row for row in rows(Parent.parse(f"experiment_id:{result.summary.experiment_id}"))}
    same = reference(PNG, "image/png", "a.png")
    assert found["eval"].input == {"picture": same}
    assert found["eval"].expected == same
    assert found["eval"].output == {"copy": same, "size": len(PNG)}
    assert found["eval"].metadata["shown"] == same
    assert found["scorer"].input["output"]["copy"] == same
    assert stored() == {key(PNG): PNG}
    assert [path.name for path in (home() / "spool" / "attachments").iterdir()] == [key(PNG)]


def test_a_traced_function_takes_and_gives_attachments() -> None:
    begin()

    @traced
    def crop(picture: Attachment) -> list[Attachment]:
        return [picture]

    picture = Attachment(data=PNG, filename="a.png", content_type="image/png")
    assert crop(picture) == [picture]
    flush()
    same = reference(PNG, "image/png", "a.png")
    assert [(row.input, row.output) for row in rows()] == [({"picture": same}, [same])]


def test_media_are_uploaded_to_braintrust(server: FakeBraintrust) -> None:
    begin(destinations=["braintrust"])
    record(question(), output=[Attachment(data=JPEG, filename="a.jpg", content_type="image/jpeg")])
    assert (flush().waiting, flush().lost) == (0, {})
    (span,) = server.spans()
    assert json.loads(span["braintrust.input_json"]) == answered()
    assert json.loads(span["braintrust.output_json"]) == [reference(JPEG, "image/jpeg", "a.jpg")]
    assert server.stored == {key(PNG): PNG, key(JPEG): JPEG}


PROGRAM = f"""
import sys
from spanscore import flush, setup, start_span
setup(destinations=["braintrust"])
with start_span("call", type="llm") as span:
    span.log(input={question()!r})
print("recorded", flush=True)
flush(60)
"""


def test_item_76_a_process_killed_between_row_and_bytes_leaves_them_to_the_next(
    server: FakeBraintrust,
) -> None:
    hanging: list[Request] = []

    def before(request: Request) -> Answer | None:
        if request.method == "PUT":
            hanging.append(request)
            process.send_signal(signal.SIGKILL)
            return Answer(drop=True)
        return None

    server.before = before
    process = subprocess.Popen([sys.executable, "-c", PROGRAM], env=dict(os.environ))
    assert process.wait(60) == -signal.SIGKILL
    assert (len(hanging), len(server.spans()), server.stored) == (1, 1, {})
    server.before = lambda _request: None
    settings = Settings.from_env()
    identities = [f"braintrust:{server.url}#{digest()}"]
    assert drain(settings, identities, timeout_s=30).waiting == 0
    assert server.stored == {key(PNG): PNG}
    first, second = server.spans()
    assert first == second


def digest() -> str:
    return sha256(KEY.encode()).hexdigest()[:16]


def test_item_77_a_flush_keeps_its_deadline_and_the_end_leaves_the_rest(server: FakeBraintrust) -> None:
    server.before = lambda request: Answer(hang=True) if request.method == "PUT" else None
    program = PROGRAM.replace("flush(60)", "print(flush(0.3).waiting, flush=True)")
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "recorded\n1\n")
    assert "1 span waits for braintrust:" in ran.stderr
    server.before = lambda _request: None
    drain(Settings.from_env(), [f"braintrust:{server.url}#{digest()}"], timeout_s=30)
    assert server.stored == {key(PNG): PNG}


def test_item_74_a_wait_ends_with_the_process(server: FakeBraintrust) -> None:
    """After a few failures the next attempt is minutes away; the process does not wait for it."""
    server.before = lambda request: Answer(status=503) if request.path == "/attachment" else None
    program = PROGRAM.replace("flush(60)", "print(flush(2.0).waiting, flush=True)")
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "recorded\n1\n")
    assert len(server.spans()) == 1
