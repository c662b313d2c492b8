"""What sampling and filters leave out is counted."""

from pathlib import Path

import pytest
from opentelemetry.sdk.trace import TracerProvider as SdkTracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

from spanscore._config import Settings
from spanscore.testing import RecordedRecords, recorded_spans
from spanscore.tracing import LEFT_OUT, RECORDING, start_span

pytestmark = pytest.mark.core


@pytest.fixture(autouse=True)
def _from_nothing() -> None:
    LEFT_OUT.drain()


def test_unsampled_spans_are_counted() -> None:
    with recorded_spans(sampler=ALWAYS_OFF) as recorded:
        for _ in range(3):
            start_span("work").end()

    assert (recorded.spans, LEFT_OUT.drain(), LEFT_OUT.drain()) == ([], {"unsampled": 3}, {})


def test_filtered_spans_are_counted() -> None:
    provider = SdkTracerProvider()
    records = RecordedRecords()
    RECORDING.switch_on(records, Settings(home=Path("unused")), provider=provider)
    provider.get_tracer("web").start_span("GET /").end()
    start_span("work").end()

    assert [span.name for span in records.spans] == ["work"]
    assert LEFT_OUT.drain() == {"filtered": 1}
