"""Starting spans with the official arguments."""

import pytest

from spanscore._json import from_json
from spanscore.testing import recorded_spans
from spanscore.tracing import current_span, start_span

pytestmark = pytest.mark.core


def test_official_arguments_in_their_order() -> None:
    with (
        recorded_spans() as recorded,
        start_span(
            "a", "tool", {"custom": 1}, 12.5, propagated_event={"metadata": {"k": 1}}, input=2
        ) as span,
    ):
        ended = span.end(13.5)
    (made,) = recorded.spans
    attributes = made.attributes or {}
    assert (made.name, made.start_time, made.end_time, ended) == ("a", 12_500_000_000, 13_500_000_000, 13.5)
    assert from_json(str(attributes["braintrust.span_attributes"])) == {"type": "tool", "custom": 1}
    assert attributes["braintrust.metadata"] == '{"k":1}'
    assert attributes["braintrust.input_json"] == "2"


def test_a_span_need_not_have_a_name() -> None:
    with recorded_spans() as recorded, start_span() as above, above.start_span():
        pass
    assert [span.name for span in recorded.spans] == ["span", "span"]


def test_a_span_that_stays_apart_is_never_the_current_one() -> None:
    with recorded_spans(), start_span("above") as above, start_span("apart", set_current=False) as apart:
        assert current_span() == above
        with apart.start_span("too", set_current=False):
            assert current_span() == above


def test_a_span_is_made_current_without_a_with_statement() -> None:
    with recorded_spans() as recorded:
        span = start_span("above")
        span.set_current()
        span.set_current()
        start_span("below").end()
        span.unset_current()
        span.unset_current()
        start_span("beside").close()
        span.end()
    below, beside, above = recorded.spans
    assert below.parent is not None
    assert above.context is not None
    assert (below.parent.span_id, beside.parent) == (above.context.span_id, None)


def test_a_span_begins_another_below_itself_or_elsewhere() -> None:
    with recorded_spans() as recorded, start_span("above") as above:
        above.start_span("below", "tool", {"k": 1}, 12.5, None, None, input=1).end()
        above.start_span("elsewhere", parent="experiment_id:e1").end()
    below, elsewhere, _ = recorded.spans
    assert below.parent is not None
    assert (f"{below.parent.span_id:016x}", below.start_time, elsewhere.parent) == (
        above.id,
        12_500_000_000,
        None,
    )
    assert (elsewhere.attributes or {})["braintrust.parent"] == "experiment_id:e1"
