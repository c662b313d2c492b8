"""`setup` and `flush`: from a span to a stored row, and back out."""

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from opentelemetry import trace
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from spanscore import SpanscoreSpanProcessor, flush, init_logger, setup, start_span, traced
from spanscore._connect import open_spool
from spanscore.api._recording import connection_in_force, ensure_recording, stop_recording
from spanscore.delivery import Spool, TailSampling
from spanscore.errors import ConfigError
from spanscore.store import SqliteStore
from spanscore.tracing import RECORDING
from spanscore.wire.parent import Parent

pytestmark = pytest.mark.core
LOGS = Parent.parse("project_name:bot")


def stored(home: Path) -> list[str]:
    return [row.name for row in SqliteStore(home / "spanscore.db").rows(LOGS)]


def test_finished_span_is_a_row_once_flush_has_returned(tmp_path: Path) -> None:
    setup(home=tmp_path / "a")
    init_logger("bot")
    with start_span("one"):
        pass
    flushed = flush()
    assert (bool(flushed), flushed.delivered, flushed.waiting) == (True, 1, 0)
    assert stored(tmp_path / "a") == ["one"]


def test_setup_again_moves_to_another_home_without_losing_a_span(tmp_path: Path) -> None:
    for name in ("a", "b"):
        setup(home=tmp_path / name)
        init_logger("bot")
        with start_span(name):
            pass
    flush()
    assert (stored(tmp_path / "a"), stored(tmp_path / "b")) == (["a"], ["b"])


def test_named_provider_is_used_and_the_global_one_left_alone(tmp_path: Path) -> None:
    exporter = InMemorySpanExporter()
    provider = sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    setup(home=tmp_path, tracer_provider=provider)
    init_logger("bot")
    with start_span("one"):
        pass
    flush()
    assert stored(tmp_path) == ["one"]
    assert [span.name for span in exporter.get_finished_spans()] == ["one"]
    assert isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


def test_logger_first_then_the_users_provider_then_a_span() -> None:
    exporter = InMemorySpanExporter()
    init_logger("bot")
    provider = sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)

    @traced
    def work() -> int:
        return 1

    assert work() == 1
    assert flush()
    assert [span.name for span in exporter.get_finished_spans()] == ["work"]
    assert stored(ensure_recording().settings.home) == ["work"]


def test_flush_without_recording_has_nothing_to_do() -> None:
    flushed = flush()
    assert (bool(flushed), flushed.delivered) == (True, 0)
    assert connection_in_force() is None


def test_nothing_is_written_before_the_first_span(tmp_path: Path) -> None:
    setup(home=tmp_path / "home")
    init_logger("bot")
    assert flush()
    assert not (tmp_path / "home").exists()


def test_settings_reach_what_they_set(tmp_path: Path) -> None:
    setup(home=tmp_path, project="bot", propagate_threads=False, max_attribute_bytes=100)
    assert init_logger().parent == "project_name:bot"
    assert RECORDING.budget == 100


def test_bad_setting_is_refused_and_recording_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup(home=tmp_path)
    before = connection_in_force()
    monkeypatch.setenv("SPANSCORE_MAX_ATTRIBUTE_BYTES", "many")
    with pytest.raises(ConfigError, match="SPANSCORE_MAX_ATTRIBUTE_BYTES is 'many'"):
        setup(home=tmp_path / "other")
    assert connection_in_force() is before


MULTIPROCESSING = """
import multiprocessing
from spanscore import flush, init_logger, start_span

def work(name):
    init_logger("bot")
    with start_span(name):
        pass

if __name__ == "__main__":
    init_logger("bot")
    with start_span("parent"):
        pass
    flush()
    for method in multiprocessing.get_all_start_methods():
        process = multiprocessing.get_context(method).Process(target=work, args=(method,))
        process.start()
        process.join()
"""


def test_processes_of_multiprocessing_lose_nothing_at_their_end(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(MULTIPROCESSING)
    subprocess.run(
        [sys.executable, str(program)], check=True, env={**os.environ, "SPANSCORE_HOME": str(tmp_path)}
    )
    assert sorted(stored(tmp_path)) == sorted(["parent", *multiprocessing.get_all_start_methods()])


def test_users_provider_that_is_there_is_attached_to_at_once() -> None:
    provider = sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False)
    trace.set_tracer_provider(provider)
    init_logger("bot")
    provider.get_tracer("an instrumentation").start_span("chat", attributes={"gen_ai.system": "x"}).end()
    flush()
    assert stored(ensure_recording().settings.home) == ["chat"]


def test_trace_whose_root_is_not_kept_is_listed_by_its_first_row() -> None:
    provider = sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False)
    trace.set_tracer_provider(provider)
    init_logger("bot")
    with provider.get_tracer("web").start_as_current_span("GET /ask") as root:
        for name in ("first", "second"):
            with start_span(name), start_span(f"below {name}"):
                pass
    flush()
    store = SqliteStore(ensure_recording().settings.home / "spanscore.db")
    assert [row.name for row in store.logs(project="bot")] == ["first"]
    assert store.trace("latest")[0].root_span_id == f"{root.get_span_context().trace_id:032x}"


def test_span_with_a_name_that_is_no_text_is_kept() -> None:
    init_logger("bot")
    name: Any = 5
    with start_span(name):
        pass
    trace.get_tracer("theirs").start_span(name).end()
    assert flush()
    assert stored(ensure_recording().settings.home) == ["5", "5"]


def test_spans_go_to_every_destination_that_is_named_or_given(tmp_path: Path) -> None:
    exporter = InMemorySpanExporter()
    setup(home=tmp_path, destinations=["local", exporter])
    init_logger("bot")
    with start_span("one"):
        pass
    assert flush().delivered == 1
    assert stored(tmp_path) == ["one"]
    assert [span.name for span in exporter.get_finished_spans()] == ["one"]


def test_exporter_alone_needs_no_store(tmp_path: Path) -> None:
    exporter = InMemorySpanExporter()
    setup(home=tmp_path, destinations=[exporter])
    init_logger("bot")
    with start_span("one") as span:
        pass
    span.log(output="late")
    flushed = flush()
    assert [span.name for span in exporter.get_finished_spans()] == ["one"]
    assert (bool(flushed), flushed.delivered, flushed.left_out) == (True, 1, {"unsupported": 1})
    assert not (tmp_path / "spanscore.db").exists()


def test_exporter_is_the_programs_to_go_on_with_when_recording_moves_on(tmp_path: Path) -> None:
    class Watched(InMemorySpanExporter):
        calls = 0

        def shutdown(self) -> None:
            self.calls += 1

    exporter = Watched()
    setup(home=tmp_path, destinations=[exporter])
    init_logger("bot")
    with start_span("one"):
        pass
    setup(home=tmp_path)
    assert (exporter.calls, len(exporter.get_finished_spans())) == (0, 1)


def test_destination_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="langfuse"):
        setup(home=tmp_path, destinations=["langfuse"])
    assert connection_in_force() is None


def test_without_any_the_environment_chooses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPANSCORE_DESTINATION", "local")
    monkeypatch.setenv("BRAINTRUST_API_KEY", "a key that is not used")
    for given in (None, []):
        setup(home=tmp_path, destinations=given)
        connection = connection_in_force()
        assert connection is not None
        assert list(connection.outbox.flush(10).destinations) == ["local"]


@pytest.mark.parametrize("durability", ["span", "window", "off"])
def test_durability_says_what_is_on_disk_when_a_span_has_ended(
    durability: Literal["span", "window", "off"], tmp_path: Path
) -> None:
    go = threading.Event()

    class Slow(InMemorySpanExporter):
        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            go.wait(30)
            return super().export(spans)

    exporter = Slow()
    setup(home=tmp_path, destinations=[exporter], durability=durability)
    init_logger("bot")
    with start_span("a name to be found"):
        pass
    written = [path.read_bytes() for path in (tmp_path / "spool").glob("*.spool")]
    if durability == "span":
        assert b"a name to be found" in written[0]
    elif durability == "off":
        assert not (tmp_path / "spool").exists()
    go.set()
    assert flush().delivered == 1


def test_durability_that_is_none_is_refused(tmp_path: Path) -> None:
    durability: Any = "always"
    with pytest.raises(ConfigError, match="always"):
        setup(home=tmp_path, durability=durability)


def test_tail_sampling_keeps_what_it_is_asked_to(tmp_path: Path) -> None:
    setup(home=tmp_path, tail_sample=TailSampling())
    init_logger("bot")
    for name, has_failed in (("good", False), ("bad", True)):
        with contextlib.suppress(ZeroDivisionError), start_span(name), start_span(f"below {name}"):
            if has_failed:
                raise ZeroDivisionError
    flushed = flush()
    assert (flushed.delivered, flushed.left_out, flushed.waiting) == (2, {"tail_sampled": 2}, 0)
    assert sorted(stored(tmp_path)) == ["bad", "below bad"]


KILLED = """
import os, signal, sys
from spanscore import init_logger, setup, start_span
from spanscore.errors import RetryLaterError
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

class Down(SpanExporter):
    def export(self, spans):
        return SpanExportResult.FAILURE

setup(destinations=["local", Down()])
init_logger("bot")
with start_span("killed"):
    pass
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL on this platform")
def test_span_of_a_killed_process_is_delivered_by_the_next_that_has_the_same_home(tmp_path: Path) -> None:
    environment = {**os.environ, "SPANSCORE_HOME": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", KILLED], check=False, env=environment, timeout=60)
    assert ended.returncode == -signal.SIGKILL
    setup(home=tmp_path, destinations=["local"])
    flush()
    assert stored(tmp_path) == ["killed"]
    connection = connection_in_force()
    assert connection is not None
    connection.outbox.close()
    counted = open_spool(connection.settings).ledger.totals()
    gone = [reasons for identity, reasons in counted.items() if identity.startswith("exporter:Down#")]
    assert gone == [{"exporter_gone": 1}]


def test_the_same_exporter_goes_on_through_several_setups(tmp_path: Path) -> None:
    exporter = InMemorySpanExporter()
    for number in range(3):
        setup(home=tmp_path, destinations=[exporter, exporter])
        with start_span(f"work {number}"):
            pass
        assert flush(10)
    assert [span.name for span in exporter.get_finished_spans()] == ["work 0", "work 1", "work 2"]


def test_setup_that_fails_leaves_what_is_in_force(tmp_path: Path) -> None:
    exporter = InMemorySpanExporter()
    setup(home=tmp_path, destinations=[exporter], redact=lambda _name, _value: "***")
    with pytest.raises(ConfigError):
        setup(durability="x")  # pyright: ignore[reportArgumentType]
    with start_span("work", input="private"):
        pass
    assert flush(10)
    (span,) = exporter.get_finished_spans()
    assert (span.attributes or {})["braintrust.input_json"] == '"***"'


def test_flush_waits_for_processors_of_the_program_too(tmp_path: Path) -> None:
    exporter = InMemorySpanExporter()
    provider = sdk_trace.TracerProvider()
    SpanscoreSpanProcessor(destinations=[exporter]).add_to(provider)
    provider.get_tracer("web").start_span("GET /").end()
    flushed = flush(10)
    assert (flushed.delivered, flushed.waiting) == (1, 0)
    assert [span.name for span in exporter.get_finished_spans()] == ["GET /"]


def test_losses_of_spans_kept_in_memory_are_counted(tmp_path: Path) -> None:
    class Down(InMemorySpanExporter):
        def export(self, spans: Any) -> SpanExportResult:
            return SpanExportResult.FAILURE

    setup(home=tmp_path, destinations=[Down()], durability="off")
    with start_span("work"):
        pass
    stop_recording()
    (counts,) = Spool(tmp_path / "spool", max_bytes=1, max_age_s=1).ledger.totals().values()
    assert counts == {"exporter_gone": 1}
