"""Destinations as programs give them."""

from typing import Any

import pytest
from opentelemetry.sdk.trace.export import ConsoleSpanExporter
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from spanscore import SpanscoreSpanProcessor, TailSampling, setup
from spanscore.api._destinations import told_apart
from spanscore.errors import ConfigError

pytestmark = pytest.mark.core


def test_names_and_exporters_are_told_apart() -> None:
    exporter = InMemorySpanExporter()
    assert told_apart(None) == (None, [])
    assert told_apart(["local", exporter, "otlp"]) == (("local", "otlp"), [exporter])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("local", r"destinations is 'local'; give a list, such as \['local'\]"),
        (3, "destinations is 3; give a list of names and SpanExporter objects"),
        ([None], "destinations has None; give names and SpanExporter objects"),
        ([ConsoleSpanExporter], "destinations has <class .*>; give names and SpanExporter objects"),
    ],
)
@pytest.mark.parametrize("door", [setup, SpanscoreSpanProcessor])
def test_what_is_neither_is_refused(door: Any, given: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        door(destinations=given)


def test_tail_sampling_must_be_one() -> None:
    wrong: Any = 0.1
    with pytest.raises(
        ConfigError, match=r"tail_sample is 0.1; give a TailSampling, such as TailSampling\(rate=0.1\)"
    ):
        setup(tail_sample=wrong)
    setup(tail_sample=TailSampling(rate=0.1))


def test_roots_are_kept_in_one_of_three_ways() -> None:
    wrong: Any = "bogus"
    with pytest.raises(
        ConfigError, match="keep_roots is 'bogus'; give one of none, with_ai_descendants, all"
    ):
        SpanscoreSpanProcessor(keep_roots=wrong)
