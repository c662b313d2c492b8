"""A no-op eval with two scorers, stored, against a hand-written loop over the SDK into SQLite."""

import asyncio
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace import TracerProvider as SdkTracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

import spanscore
from benchmarks._measure import interleaved, print_table

CASES = 2_000
ROUNDS = 7
PARENT = "experiment_id:benchmark"
ORIGIN = json.dumps({"span_origin": {"name": "bare", "version": "1", "instrumentation": {"name": "bare"}}})


def data() -> list[dict[str, Any]]:
    return [
        {
            "input": {"question": f"What is the capital of country number {number}?", "k": 3},
            "expected": {"answer": "Paris", "hits": 3},
            "metadata": {"topic": "geography"},
        }
        for number in range(CASES)
    ]


async def task(input: Any) -> Any:
    return {"answer": "Paris", "hits": 3}


async def exact(input: Any, output: Any, expected: Any) -> float:
    return 1.0


async def close(input: Any, output: Any, expected: Any) -> float:
    return 0.5


def sync_task(input: Any) -> Any:
    return {"answer": "Paris", "hits": 3}


def sync_exact(input: Any, output: Any, expected: Any) -> float:
    return 1.0


def sync_close(input: Any, output: Any, expected: Any) -> float:
    return 0.5


class SqliteExporter(SpanExporter):
    """The least that stores a span: one row with its attributes as JSON."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        if self._connection is None:
            self._connection = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
            self._connection.executescript(
                "pragma journal_mode = wal; pragma synchronous = normal;"
                "create table spans (trace text, id text, parent text, name text, start int, end int,"
                " attributes text, events text);"
                "create index by_trace on spans (trace);"
            )
        self._connection.execute("begin immediate")
        self._connection.executemany("insert into spans values (?, ?, ?, ?, ?, ?, ?, ?)", map(row, spans))
        self._connection.execute("commit")
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        if self._connection is not None:
            self._connection.close()


def row(span: ReadableSpan) -> tuple[Any, ...]:
    context = span.get_span_context()
    assert context is not None
    parent = f"{span.parent.span_id:016x}" if span.parent else None
    attributes = json.dumps(dict(span.attributes or {}))
    events = json.dumps([[event.name, dict(event.attributes or {})] for event in span.events])
    return (
        f"{context.trace_id:032x}",
        f"{context.span_id:016x}",
        parent,
        span.name,
        span.start_time,
        span.end_time,
        attributes,
        events,
    )


async def hand_written(provider: SdkTracerProvider) -> None:
    """The spans that `Eval` makes, with the same attributes, as one would write them with the SDK."""
    tracer = provider.get_tracer("bare")
    for case in data():
        text, expected = json.dumps(case["input"]), json.dumps(case["expected"])
        identity = {"case_key": sha256(text.encode()).hexdigest()[:32], "trial_index": 0, "attempt": 1}
        with tracer.start_as_current_span("eval", context=Context()) as span:
            common(span, {"type": "eval"})
            span.set_attribute("braintrust.input_json", text)
            span.set_attribute("braintrust.expected_json", expected)
            span.set_attribute("braintrust.metadata", json.dumps({**case["metadata"], **identity}))
            with tracer.start_as_current_span("task") as inner:
                common(inner, {"type": "task"})
                inner.set_attribute("braintrust.input_json", text)
                inner.set_attribute("braintrust.expected_json", expected)
                output = await task(case["input"])
                inner.set_attribute("braintrust.output_json", json.dumps(output))
            span.set_attribute("braintrust.output_json", json.dumps(output))
            for scorer in (exact, close):
                await hand_written_score(tracer, scorer, {**case, "output": output})


async def hand_written_score(tracer: Any, scorer: Any, case: dict[str, Any]) -> None:
    name = scorer.__name__
    with tracer.start_as_current_span(name) as span:
        common(span, {"type": "score", "name": name, "purpose": "scorer"})
        span.set_attribute("braintrust.input_json", json.dumps(case))
        score = await scorer(case["input"], case["output"], case["expected"])
        span.set_attribute("braintrust.scores", json.dumps({name: score}))
        span.set_attribute("braintrust.output_json", json.dumps({"score": score}))
        span.add_event(
            "gen_ai.evaluation.result",
            {"gen_ai.evaluation.name": name, "gen_ai.evaluation.score.value": score},
        )


def common(span: Any, kind: dict[str, str]) -> None:
    span.set_attribute("braintrust.parent", PARENT)
    span.set_attribute("braintrust.span_attributes", json.dumps(kind))
    span.set_attribute("braintrust.context_json", ORIGIN)


def by_hand() -> float:
    with tempfile.TemporaryDirectory() as folder:
        provider = SdkTracerProvider(resource=Resource({}), shutdown_on_exit=False)
        exporter = SqliteExporter(f"{folder}/spans.db")
        # A queue that holds everything: with the default one the SDK would drop most of the burst.
        provider.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=100_000))
        start = time.process_time()
        asyncio.run(hand_written(provider))
        provider.force_flush()
        spent = time.process_time() - start
        provider.shutdown()
    return spent / CASES * 1e6


def by_eval(functions: tuple[Any, Any, Any], **options: Any) -> Callable[[], float]:
    def run() -> float:
        with tempfile.TemporaryDirectory() as folder:
            spanscore.setup(home=Path(folder))
            start = time.process_time()
            result = spanscore.Eval(
                "benchmark",
                data,
                functions[0],
                list(functions[1:]),
                quiet=True,
                max_concurrency=10,
                **options,
            )
            spent = time.process_time() - start
            assert result.summary.cases == CASES
            spanscore.setup(home=Path(folder) / "next")
        return spent / CASES * 1e6

    return run


def main() -> None:
    """Print CPU µs a case of the whole process."""
    reference = "by hand: OpenTelemetry SDK into SQLite"
    coroutines = (task, exact, close)
    variants = {
        reference: by_hand,
        "Eval, coroutines": by_eval(coroutines),
        "Eval, coroutines, keep_results=False": by_eval(coroutines, keep_results=False),
        "Eval, sync functions (one thread hop)": by_eval((sync_task, sync_exact, sync_close)),
    }
    spreads = interleaved(variants, rounds=ROUNDS)
    title = f"A no-op case with two scorers, stored: µs of CPU of the whole process ({CASES} cases)"
    print_table(title, spreads, against=reference, targets={"Eval, coroutines": 0.5})


if __name__ == "__main__":
    main()
