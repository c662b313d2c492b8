"""`setup` and `flush`: recording switched on with settings of one's own, and waited for."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from opentelemetry.sdk.trace.export import SpanExporter
from opentelemetry.trace import TracerProvider

from spanscore.api._destinations import told_apart
from spanscore.api._recording import outboxes_in_use, start_recording
from spanscore.delivery import MASKING, Flushed, TailSampling
from spanscore.delivery._routing import flush_all
from spanscore.errors import ConfigError


def setup(
    *,
    destinations: Sequence[str | SpanExporter] | None = None,
    home: str | Path | None = None,
    tracer_provider: TracerProvider | None = None,
    project: str | None = None,
    api_key: str | None = None,
    api_url: str | None = None,
    durability: Literal["span", "window", "off"] | None = None,
    tail_sample: TailSampling | None = None,
    redact: bool | Callable[[str, Any], Any] | None = None,
    redact_at: Literal["send", "span"] | None = None,
    capture: Literal["listed", "all"] | None = None,
    capture_messages: bool | None = None,
    estimate_cost: bool | None = None,
    propagate_threads: bool | None = None,
    max_attribute_bytes: int | None = None,
) -> None:
    """Switch recording on with these settings; what is None comes from the environment, else is the default.

    `destinations` are where finished spans go, each of them all: "local" (the embedded store), "braintrust",
    "otlp" (as the `OTEL_EXPORTER_OTLP_*` variables say), or any OpenTelemetry `SpanExporter`. Without any
    (`SPANSCORE_DESTINATION`, separated by commas) it is Braintrust if a key is found, else the embedded
    store. `home` (`SPANSCORE_HOME`, `~/.spanscore`) is the folder of the store and of the spool, in which
    spans wait. `tracer_provider` is used instead of the program's global one. `project` is the default
    project. `api_key` and `api_url` are Braintrust's (`BRAINTRUST_API_KEY`, `BRAINTRUST_API_URL`).

    `durability` (`SPANSCORE_DURABILITY`) says what a process that is killed may lose: "span" nothing that has
    ended, "window" the last 20 ms, "off" all that is not delivered. `tail_sample` keeps only some traces.
    `redact=False` (`SPANSCORE_REDACT`) turns redaction off; a function of a field's name and value decides
    besides it what is recorded. `redact_at="span"` (`SPANSCORE_REDACT_AT`) looks for secrets before a span is
    written to the spool rather than before it is sent. `capture="all"` (`SPANSCORE_CAPTURE`) records every
    parameter of a provider's call, and vectors, rather than what the span conventions list.
    `capture_messages` (`OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`) puts messages into the
    attributes that OpenTelemetry defines too, `estimate_cost` (`SPANSCORE_ESTIMATE_COST`) the estimated price
    in US dollars into the metrics, by the extra `spanscore[cost]`. `propagate_threads=False`
    (`SPANSCORE_PROPAGATE_THREADS`) leaves threads and thread pools without the span that was current where
    they were started. `max_attribute_bytes` bounds the JSON of one input or output. Raises ConfigError.

    >>> import tempfile, spanscore
    >>> spanscore.setup(home=tempfile.mkdtemp(), destinations=["local"])
    """
    named, exporters = told_apart(destinations)
    if tail_sample is not None and not isinstance(tail_sample, TailSampling):  # pyright: ignore[reportUnnecessaryIsInstance] - not all check types
        raise ConfigError(
            f"tail_sample is {tail_sample!r}; give a TailSampling, such as TailSampling(rate=0.1)"
        )
    start_recording(
        provider=tracer_provider,
        exporters=exporters,
        tail=tail_sample,
        destinations=named,
        home=home,
        project=project,
        api_key=api_key,
        api_url=api_url,
        durability=durability,
        redact=True if callable(redact) else redact,
        redact_at=redact_at,
        capture=capture,
        capture_messages=capture_messages,
        estimate_cost=estimate_cost,
        propagate_threads=propagate_threads,
        max_attribute_bytes=max_attribute_bytes,
    )
    MASKING.redact = redact if callable(redact) else None


def flush(timeout_s: float = 30.0) -> Flushed:
    """What was delivered and what was not, after waiting at most `timeout_s` seconds for all finished spans.

    Those of all accounts are among them, and of processors that the program has added to providers itself.

    >>> import spanscore
    >>> bool(spanscore.flush())
    True
    """
    return flush_all(outboxes_in_use(), timeout_s)
