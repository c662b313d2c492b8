"""What the library offers to tests."""

from pathlib import Path

import pytest

from spanscore import NOOP_SPAN, Attachment, setup, start_span
from spanscore.testing import CountingIds, recorded_spans

pytestmark = pytest.mark.core


def test_spans_are_recorded_for_the_block_alone() -> None:
    with recorded_spans() as recorded:
        with start_span("outer"), start_span("inner"):
            pass
        late = start_span("late")
    late.end()
    assert start_span("after") is NOOP_SPAN
    ids = [(span.name, span.context and span.context.span_id) for span in recorded.spans]
    assert ids == [("inner", 2), ("outer", 1), ("late", 3)]
    assert recorded.flush(0)


def test_update_of_an_ended_span_is_recorded_apart() -> None:
    with recorded_spans() as recorded:
        span = start_span("s", parent="project_name:p")
        span.end()
        span.log(output=1)
    assert [update.fields for update in recorded.updates] == [{"output": "1"}]


def test_attachments_are_only_named(tmp_path: Path) -> None:
    setup(home=tmp_path / "home")
    picture = Attachment(data=b"GIF89a", filename="dot.gif", content_type="image/gif")
    with recorded_spans() as recorded, start_span("look", input=picture):
        pass
    (span,) = recorded.spans
    assert picture.reference["key"] in str((span.attributes or {})["braintrust.input_json"])
    assert not (tmp_path / "home").exists()


def test_ids_count() -> None:
    ids = CountingIds()
    assert [ids.generate_span_id(), ids.generate_span_id(), ids.generate_trace_id()] == [1, 2, 1]
    assert not ids.is_trace_id_random()
