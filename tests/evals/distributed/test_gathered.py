"""Spans as bytes, and back in another process."""

import pytest

from spanscore._config import Settings
from spanscore.evals.distributed._gathered import Bundle, GatheredSpans
from spanscore.tracing import RECORDING, start_span
from spanscore.wire.records import FinishedSpan, RowUpdate

pytestmark = pytest.mark.core


def test_what_is_recorded_is_taken_once_and_comes_out_whole() -> None:
    gathered = GatheredSpans()
    RECORDING.switch_on(gathered, Settings.from_env())
    with start_span("outer", type="task", input={"q": "x" * 20_000}, parent="experiment_id:e") as outer:
        start_span("inner", output=[1, None]).end()
    outer.log(metadata={"late": True})
    bundle = gathered.take()
    records = list(bundle.records())
    inner, whole, update = records
    assert isinstance(inner, FinishedSpan)
    assert isinstance(whole, FinishedSpan)
    assert isinstance(update, RowUpdate)
    assert (inner.name, whole.name, inner.parent and inner.parent.span_id) == (
        "inner",
        "outer",
        whole.context and whole.context.span_id,
    )
    assert whole.attributes["braintrust.input_json"] == '{"q":"' + "x" * 20_000 + '"}'
    assert (inner.attributes["braintrust.output_json"], dict(update.fields)) == (
        "[1,null]",
        {"metadata": '{"late":true}'},
    )
    assert (gathered.take(), list(Bundle().records())) == (Bundle(), [])
