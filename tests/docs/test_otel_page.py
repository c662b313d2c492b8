"""What the page on OpenTelemetry says is what happens, with a server on loopback in Braintrust's place."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from http_sink import Answer, HttpSink

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "otel.md").read_text()
SECTIONS = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
PATIENCE_S = 60.0


def blocks(section: str, language: str = "python") -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", SECTIONS[section], re.MULTILINE | re.DOTALL)


@pytest.fixture(name="sink")
def _sink() -> Iterator[HttpSink]:
    with HttpSink() as sink:
        yield sink


@pytest.fixture(name="environment")
def _environment(sink: HttpSink, tmp_path: Path) -> dict[str, str]:
    """That of a program with a key, in a folder of its own."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("BRAINTRUST_", "OTEL_"))
    }
    kept["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    return {
        **kept,
        "HOME": str(tmp_path),
        "SPANSCORE_HOME": str(tmp_path / "home"),
        "BRAINTRUST_API_KEY": "the-key",
        "BRAINTRUST_API_URL": sink.url,
    }


def run(program: str, environment: dict[str, str], tmp_path: Path) -> str:
    file = tmp_path / "program.py"
    file.write_text(program)
    done = subprocess.run(
        [sys.executable, "-W", "error", str(file)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def posted(sink: HttpSink) -> list[tuple[str, Any]]:
    """The container in the header and the span, for each span that the server has taken."""
    found: list[tuple[str, Any]] = []
    for request in sink.requests:
        if request.path != "/otel/v1/traces":
            continue
        assert request.headers["authorization"] == "Bearer the-key"
        body = ExportTraceServiceRequest.FromString(request.content)
        for resource in body.resource_spans:
            for scope in resource.scope_spans:
                found += [(request.headers.get("x-bt-parent", ""), span) for span in scope.spans]
    return found


def names(sink: HttpSink) -> list[tuple[str, str]]:
    return sorted((parent, span.name) for parent, span in posted(sink))


BOT = "project_name:support bot"


def test_our_processor_stands_beside_another(
    sink: HttpSink, environment: dict[str, str], tmp_path: Path
) -> None:
    printed = run(blocks("Our processor beside another's")[0], environment, tmp_path)
    spans = ["POST /answer", "answer", "chat gpt-5"]
    assert names(sink) == [(BOT, name) for name in spans]
    assert len({span.trace_id for _, span in posted(sink)}) == 1
    assert sorted(re.findall(r'^    "name": "(.*)"', printed, re.MULTILINE)) == spans


def test_filter_keeps_what_the_page_says(sink: HttpSink, environment: dict[str, str], tmp_path: Path) -> None:
    run(blocks("Our processor beside another's")[1], environment, tmp_path)
    assert names(sink) == [(BOT, "POST /answer"), (BOT, "chat gpt-5")]


BARE = """
from opentelemetry.sdk.trace import TracerProvider
from spanscore import SpanscoreSpanProcessor

provider = TracerProvider()
SpanscoreSpanProcessor().add_to(provider)
with provider.get_tracer("support").start_as_current_span("POST /answer"):
    pass
"""
CONTAINERS: dict[str, tuple[dict[str, str], str]] = {
    "none": ({}, "project_name:default"),
    "name": ({"BRAINTRUST_PROJECT": "shop"}, "project_name:shop"),
    "id before name": ({"BRAINTRUST_PROJECT": "shop", "BRAINTRUST_PROJECT_ID": "7"}, "project_id:7"),
    "parent before both": (
        {"BRAINTRUST_PROJECT_ID": "7", "BRAINTRUST_PARENT": "experiment_id:8"},
        "experiment_id:8",
    ),
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_variables_name_the_container(
    name: str, sink: HttpSink, environment: dict[str, str], tmp_path: Path
) -> None:
    variables, container = CONTAINERS[name]
    run(BARE, environment | variables, tmp_path)
    assert names(sink) == [(container, "POST /answer")]


def test_settings_file_does_for_the_variables(
    sink: HttpSink, environment: dict[str, str], tmp_path: Path
) -> None:
    settings = {name: environment.pop(name) for name in ("BRAINTRUST_API_KEY", "BRAINTRUST_API_URL")}
    lines = [f"export {name}='{value}'" for name, value in settings.items()]
    (tmp_path / ".env.braintrust").write_text("\n".join([*lines, "BRAINTRUST_PROJECT=shop # ours"]))
    run(BARE, environment, tmp_path)
    assert names(sink) == [("project_name:shop", "POST /answer")]


def test_without_a_key_spans_stay_here(sink: HttpSink, environment: dict[str, str], tmp_path: Path) -> None:
    del environment["BRAINTRUST_API_KEY"]
    run(BARE, environment, tmp_path)
    assert (tmp_path / "home" / "spanscore.db").exists()
    assert sink.requests == []


SPAN_OF_THE_PROGRAM = """
with trace.get_tracer("support").start_as_current_span("POST /answer"):
    pass
provider.shutdown()
"""


def test_plain_exporter_arrives(sink: HttpSink, environment: dict[str, str], tmp_path: Path) -> None:
    run(blocks("The plain OTLP exporter")[0] + SPAN_OF_THE_PROGRAM, environment, tmp_path)
    assert names(sink) == [(BOT, "POST /answer")]
    assert sink.requests[0].headers["content-encoding"] == "gzip"


EXPORTER_OF_VARIABLES = """
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
"""


def test_variables_of_the_plain_exporter_arrive(
    sink: HttpSink, environment: dict[str, str], tmp_path: Path
) -> None:
    said = blocks("The plain OTLP exporter", "sh")[0].replace("https://api.braintrust.dev", sink.url)
    assignments = said.replace("$BRAINTRUST_API_KEY", "the-key").replace('"', "").split("\n")
    variables = dict(line.split("=", 1) for line in assignments if line)
    run(EXPORTER_OF_VARIABLES + SPAN_OF_THE_PROGRAM, environment | variables, tmp_path)
    assert names(sink) == [(BOT, "POST /answer")]


def test_several_destinations_each_get_the_span(
    sink: HttpSink, environment: dict[str, str], tmp_path: Path
) -> None:
    printed = run(blocks("Several places at once")[0], environment, tmp_path)
    assert '"name": "answer"' in printed
    assert "Flushed(delivered=1, waiting=0, lost={}" in printed
    assert (tmp_path / "home" / "spanscore.db").exists()
    assert posted(sink) == []


def test_yaml_on_the_page_is_the_collectors(sink: HttpSink) -> None:
    (shown,) = blocks("A collector in between", "yaml")
    whole = (ROOT / "docs" / "deploy" / "collector.yaml").read_text()
    assert shown in whole


def test_variables_lead_to_the_collector(sink: HttpSink, environment: dict[str, str], tmp_path: Path) -> None:
    said = blocks("A collector in between", "sh")[1].replace("http://localhost:4318", sink.url)
    variables = dict(word.split("=", 1) for word in said.split() if "=" in word)
    program = "from spanscore import init_logger, traced\ninit_logger('support bot')\ntraced(print)()\n"
    run(program, environment | variables, tmp_path)
    assert [request.path for request in sink.requests] == ["/v1/traces"]
    assert "authorization" not in sink.requests[0].headers


LAMBDA = (
    blocks("AWS Lambda")[0]
    + """
import os

class Context:
    def get_remaining_time_in_millis(self):
        return 4000

assert handler({"question": "2+2"}, Context()) == "You asked: 2+2"
os._exit(0)
"""
)


def test_lambda_sends_before_it_returns(sink: HttpSink, environment: dict[str, str], tmp_path: Path) -> None:
    run(LAMBDA, environment, tmp_path)
    assert names(sink) == [(BOT, "answer")]


def test_lambda_sends_the_rest_with_the_next_call(
    sink: HttpSink, environment: dict[str, str], tmp_path: Path
) -> None:
    sink.answer = lambda _request: Answer(status=503)
    run(LAMBDA, environment, tmp_path)
    sink.requests.clear()
    sink.answer = lambda _request: Answer()
    run(LAMBDA, environment, tmp_path)
    assert names(sink) == [(BOT, "answer")] * 2


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def is_listening(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def ask(url: str, headers: Mapping[str, str] | None = None) -> str:
    request = urllib.request.Request(url, headers=dict(headers or {}))
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
        return response.read().decode()


def stop(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGTERM)
    try:
        return process.communicate(timeout=PATIENCE_S)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise


def send_the_rest(environment: dict[str, str], tmp_path: Path) -> None:
    """What the next process with the same home does."""
    run("import spanscore\nspanscore.setup()\nassert spanscore.flush(30)\n", environment, tmp_path)


def start(command: list[str], environment: dict[str, str], tmp_path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def shown_command(section: str) -> list[str]:
    (line,) = blocks(section, "console")
    return line.removeprefix("$ ").split()


@contextmanager
def serving(app: str, environment: dict[str, str], tmp_path: Path) -> Generator[str]:
    """The address of gunicorn as the page starts it, with two workers; what they leave is sent afterwards."""
    (tmp_path / "app.py").write_text(app)
    port = free_port()
    other = {"4": "2", "127.0.0.1:8000": f"127.0.0.1:{port}"}
    command = [other.get(word, word) for word in shown_command("FastAPI and gunicorn")]
    assert "--preload" in command
    server = start(command, environment, tmp_path)
    try:
        wait_for(lambda: is_listening(port))
        yield f"http://127.0.0.1:{port}/answer"
    finally:
        stop(server)
    send_the_rest(environment, tmp_path)


def test_gunicorn_loses_no_span(sink: HttpSink, environment: dict[str, str], tmp_path: Path) -> None:
    with serving(blocks("FastAPI and gunicorn")[0], environment, tmp_path) as url:
        answers = [ask(f"{url}?question={number}") for number in range(20)]
    assert answers == [f'"You asked: {number}"' for number in range(20)]
    assert names(sink) == [(BOT, "answer")] * 20


CALLER = {
    "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "baggage": "braintrust.parent=project_name:shop",
}
ITS_TRACE, ITS_SPAN = (bytes.fromhex(part) for part in CALLER["traceparent"].split("-")[1:3])


@pytest.mark.parametrize(("trusts", "container"), [("", "project_name:shop"), (", trust_parent=False", BOT)])
def test_fastapi_goes_on_with_the_trace(
    trusts: str, container: str, sink: HttpSink, environment: dict[str, str], tmp_path: Path
) -> None:
    app = blocks("FastAPI and gunicorn")[0].replace("(request.headers)", f"(request.headers{trusts})")
    with serving(app, environment, tmp_path) as url:
        ask(f"{url}?question=1", CALLER)
    ((parent, span),) = posted(sink)
    assert (parent, span.trace_id, span.parent_span_id) == (container, ITS_TRACE, ITS_SPAN)


PROVIDER = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from spanscore import SpanscoreSpanProcessor

provider = TracerProvider()
provider.add_span_processor(SpanscoreSpanProcessor(parent="project_name:support bot"))
trace.set_tracer_provider(provider)
"""


def test_spans_of_fastapi_are_between(sink: HttpSink, environment: dict[str, str], tmp_path: Path) -> None:
    app = blocks("FastAPI and gunicorn")[0]
    app = app.replace('init_logger("support bot")', PROVIDER).replace('telemetry={"tracing": False}', "")
    app = app.replace(
        "parent_context(extract_trace_context(request.headers))", "__import__('contextlib').suppress()"
    )
    with serving(app, environment, tmp_path) as url:
        ask(f"{url}?question=1", CALLER)
    spans = {span.span_id: span for _, span in posted(sink)}
    (span,) = [span for span in spans.values() if span.name == "answer"]
    above = []
    while span.parent_span_id in spans:
        span = spans[span.parent_span_id]
        above.append(span.name)
    assert above[-1] == "GET /answer"
    assert (span.trace_id, span.parent_span_id) == (ITS_TRACE, ITS_SPAN)


CELERY_ON_FILES = """
import pathlib

for folder in ("queue", "done", "control"):
    pathlib.Path(folder).mkdir(exist_ok=True)
app.conf.update(
    broker_url="filesystem://",
    broker_transport_options={
        "data_folder_in": "queue", "data_folder_out": "queue",
        "processed_folder": "done", "control_folder": "control",
    },
    task_ignore_result=True,
)
"""
ASKING = """
import tasks

for number in range(10):
    tasks.ask(str(number))
"""


def test_celery_loses_no_span_and_goes_on_with_the_trace(
    sink: HttpSink, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "tasks.py").write_text(blocks("Celery")[0] + CELERY_ON_FILES)
    run(ASKING, environment, tmp_path)
    command = ["2" if word == "4" else word for word in shown_command("Celery")]
    worker = start(command, environment, tmp_path)
    try:
        wait_for(lambda: sum(span.name == "reply" for _, span in posted(sink)) == 10)
    finally:
        said = stop(worker)
    send_the_rest(environment, tmp_path)
    spans = [span for _, span in posted(sink)]
    assert sorted(span.name for span in spans) == ["ask"] * 10 + ["reply"] * 10, said
    asked = {span.span_id for span in spans if span.name == "ask"}
    assert {span.parent_span_id for span in spans if span.name == "reply"} == asked


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not condition() and time.monotonic() < until:
        time.sleep(0.1)
