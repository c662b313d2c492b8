"""A traced call with payloads of several sizes and shapes, against a bare OpenTelemetry SDK span."""

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider as SdkTracerProvider

from benchmarks._bare import bare_provider, by_hand
from benchmarks._measure import interleaved, print_table
from benchmarks._sink import otlp_sink
from benchmarks._ways import Way, measured, way
from spanscore.tracing import TracerProvider, traced

BARE = "bare OpenTelemetry SDK"
OWN = "own provider"
AT_SPAN = "own provider, redact_at span"
USERS = "user's provider"
# Untruncated: a megabyte of payload is a little more as JSON.
MOST_BYTES = 1 << 24
ROUNDS = 15
PROSE = "The quick brown fox jumps over the lazy dog, and asks what the capital of France might be. "


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A payload, how many calls with it are made at a time, and the ratios aimed at."""

    payload: Any
    calls: int
    own: float
    at_span: float = 1.0


def messages(count: int, size: int) -> list[dict[str, str]]:
    roles = ("user", "assistant")
    return [{"role": roles[number % 2], "content": text(size)} for number in range(count)]


def small_dicts(count: int) -> list[dict[str, Any]]:
    return [{"id": number, "score": number / 7, "name": f"item {number}"} for number in range(count)]


def text(size: int) -> str:
    return (PROSE * (size // len(PROSE) + 1))[:size]


SHAPES: Mapping[str, Shape] = {
    "small": Shape(payload={"question": PROSE[:40], "k": 3}, calls=300, own=0.5, at_span=0.65),
    "10 KB, 20 messages": Shape(payload=messages(20, 470), calls=100, own=0.45),
    "10 KB, 200 small dicts": Shape(payload=small_dicts(200), calls=50, own=0.45),
    "1 MB, one ASCII text": Shape(payload=text(1_000_000), calls=5, own=0.35),
    "1 MB, 200 messages": Shape(payload=messages(200, 4_950), calls=5, own=0.35),
    "1 MB, 20,000 small dicts": Shape(payload=small_dicts(20_000), calls=3, own=0.35),
    "1 MB, quotes and newlines": Shape(payload='"so"\n\\ ' * 125_000, calls=5, own=1.0),
    "1 MB, non-ASCII text": Shape(payload="Où est la capitale, 東京? " * 45_000, calls=5, own=1.0),
}


def answer(payload: Any) -> dict[str, Any]:
    return {"answer": "Paris", "hits": 3}


ours = traced(answer)


def ways(home: Path) -> dict[str, Way]:
    """The ways of recording; all but one write each span to the spool, all send it."""
    own = TracerProvider()
    given: dict[str, Any] = {"destinations": ("otlp",), "max_attribute_bytes": MOST_BYTES}
    by_default = way(home / "span", own, **given)
    return {
        OWN: by_default,
        "own provider, durability window": way(home / "window", own, durability="window", **given),
        "own provider, durability off": way(home / "off", own, durability="off", **given),
        AT_SPAN: way(home / "redact", own, redact_at="span", **given),
        USERS: by_default.through(SdkTracerProvider(resource=Resource({}))),
    }


def recorded(chosen: Way, shape: Shape) -> float:
    """A traced call, recorded the chosen way."""
    with chosen.recording():
        return measured(
            lambda: ours(shape.payload), chosen.flush, calls=shape.calls, chunks=1, clock=time.thread_time
        )


def table(name: str, shape: Shape, chosen: Mapping[str, Way], provider: SdkTracerProvider) -> None:
    """Print the table of one shape."""
    call = by_hand(provider, answer, "payload")
    bare = partial(
        measured,
        lambda: call(shape.payload),
        provider.force_flush,
        calls=shape.calls,
        chunks=1,
        clock=time.thread_time,
    )
    variants: dict[str, Callable[[], float]] = {BARE: bare}
    variants |= {each: partial(recorded, way, shape) for each, way in chosen.items()}
    targets = {OWN: shape.own, AT_SPAN: shape.at_span, USERS: 1.2}
    title = f"A traced call with {name}: µs of the caller's CPU"
    print_table(title, interleaved(variants, rounds=ROUNDS), against=BARE, targets=targets)


def main() -> None:
    """Print a table for each shape."""
    with otlp_sink() as endpoint, tempfile.TemporaryDirectory() as home:
        os.environ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = endpoint
        provider = bare_provider(endpoint)
        chosen = ways(Path(home))
        for name, shape in SHAPES.items():
            table(name, shape, chosen, provider)
        for each in chosen.values():
            each.outbox.close()


if __name__ == "__main__":
    main()
