"""Programs that make many spans, each run in a process of its own: `python -m benchmarks._programs …`.

Arguments: who records, the sink's URL, how many calls, "flush" or "memory".
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WARM_UP = 1_000
FLUSH_S = 90.0


def answer(question: str, k: int) -> dict[str, Any]:
    return {"answer": "Paris", "hits": k}


def spanscore(url: str) -> tuple[Callable[..., Any], Callable[[], Any]]:
    """A traced call and its flush."""
    from spanscore import flush, init_logger, setup, traced

    os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = url
    setup(home=tempfile.mkdtemp(), destinations=["otlp"])
    init_logger("benchmark")
    return traced(answer), lambda: flush(FLUSH_S)


def bare(url: str) -> tuple[Callable[..., Any], Callable[[], Any]]:
    """The same by hand with the OpenTelemetry SDK."""
    from benchmarks._bare import bare_provider, by_hand

    provider = bare_provider(f"{url}/v1/traces")
    return by_hand(provider, answer, "question", "k"), lambda: provider.force_flush(int(FLUSH_S * 1e3))


def braintrust(url: str) -> tuple[Callable[..., Any], Callable[[], Any]]:
    """The same with Braintrust's own SDK."""
    import braintrust as sdk

    logger = sdk.init_logger(
        project="benchmark",
        project_id="00000000-0000-0000-0000-000000000001",
        api_key="sk-bench",
        app_url=url,
        org_name="bench",
    )
    return sdk.traced(answer), logger.flush


def langfuse(url: str) -> tuple[Callable[..., Any], Callable[[], Any]]:
    """The same with Langfuse's SDK."""
    from langfuse import Langfuse, observe

    client = Langfuse(public_key="pk-bench", secret_key="sk-bench", host=url)
    return observe(answer), client.flush


def logfire(url: str) -> tuple[Callable[..., Any], Callable[[], Any]]:
    """The same with Logfire's SDK."""
    import logfire as sdk

    options = sdk.AdvancedOptions(base_url=url)
    sdk.configure(send_to_logfire=True, token="bench", console=False, advanced=options, metrics=False)
    return sdk.instrument(record_return=True)(answer), lambda: sdk.force_flush(int(FLUSH_S * 1e3))


PROGRAMS = {each.__name__: each for each in (spanscore, bare, braintrust, langfuse, logfire)}


def resident_mb() -> float:
    """Megabytes of memory that this process holds now; where that cannot be asked, the most it has held."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
    return pages * resource.getpagesize() / (1 << 20)


def called(call: Callable[..., Any], count: int) -> float:
    """Microseconds of the calling thread's CPU for one call."""
    start = time.thread_time()
    for _ in range(count):
        call("What is the capital of France?", 3)
    return (time.thread_time() - start) / count * 1e6


def main(name: str, url: str, count: str, what: str) -> None:
    """Run one program. It prints "ready", then one line of figures."""
    call, flush = PROGRAMS[name](url)
    if what == "memory":
        called(call, WARM_UP)
        before = resident_mb()
        called(call, int(count))
        print(f"{resident_mb() - before:.1f}", flush=True)
        # Not waiting for a backend that is down is what is wanted here.
        os._exit(0)
    print("ready", flush=True)
    start = time.perf_counter()
    cpu_us = called(call, int(count))
    spent = time.perf_counter() - start
    flush()
    print(f"{spent:.3f} {cpu_us:.2f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
