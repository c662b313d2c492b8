"""Where another process says that spans are to begin."""

import pytest
from opentelemetry import baggage, trace
from opentelemetry.context import Context

from spanscore.testing import recorded_spans
from spanscore.tracing import RemoteParent, guard, scope_of, start_span
from spanscore.tracing._remote import (
    NOTHING_RECEIVED,
    container_of,
    is_sendable,
    read_parent,
    read_remote,
    received_in,
)
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.slug import Slug

pytestmark = pytest.mark.core

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
EXPERIMENT = Parent(ParentKind.EXPERIMENT_ID, "e")


def test_headers_say_span_container_baggage_and_tracestate() -> None:
    headers = {
        "traceparent": TRACEPARENT,
        "baggage": "a=1,braintrust.parent=project_id:p",
        "tracestate": "x=1 ",
    }
    remote = read_remote(headers, trust_parent=True)
    assert remote.span is not None
    assert (remote.span.trace_id, remote.span.is_remote) == (0x4BF92F3577B34DA6A3CE929D0E0E4736, True)
    assert remote.span.trace_state.to_header() == "x=1"
    assert (remote.parent, remote.tracestate) == ("project_id:p", "x=1")
    assert [member.text for member in remote.members] == ["a=1", "braintrust.parent=project_id:p"]


def test_context_below_has_all_of_it() -> None:
    remote = read_remote(
        {"traceparent": TRACEPARENT, "baggage": "a=1,braintrust.parent=project_id:p"}, trust_parent=True
    )
    context = remote.placed_on(Context())
    assert trace.get_current_span(context).get_span_context() == remote.span
    assert scope_of(context).parent == "project_id:p"
    assert baggage.get_all(context) == {"a": "1", "braintrust.parent": "project_id:p"}
    assert received_in(context) is remote
    assert remote.carried_on(context) is context
    assert received_in(Context()) is NOTHING_RECEIVED


def test_several_containers_are_tried_in_turn() -> None:
    header = "braintrust.parent=nonsense,braintrust.parent=project_id:p,braintrust.parent=project_id:q"
    remote = read_remote({"traceparent": TRACEPARENT, "baggage": header}, trust_parent=True)
    assert remote.parent == "project_id:p"
    assert [member.text for member in remote.members] == ["braintrust.parent=project_id:p"]


def test_a_container_alone_begins_a_new_trace() -> None:
    with recorded_spans() as recorded, start_span("above"):
        remote = read_parent("project_name:bot")
        assert remote == RemoteParent(parent="project_name:bot")
        assert remote is not None
        context = remote.placed_on(trace.set_span_in_context(trace.get_current_span()))
        assert trace.get_current_span(context) is trace.INVALID_SPAN
    assert len(recorded.spans) == 1


def test_a_slug_leads_to_its_span() -> None:
    slug = Slug(parent=EXPERIMENT, trace_id=1, span_id=2, purpose="scorer")
    remote = read_parent(str(slug))
    assert remote is not None
    assert remote.span is not None
    assert (remote.span.trace_id, remote.span.span_id, remote.span.trace_flags.sampled) == (1, 2, True)
    assert (remote.parent, remote.purpose) == ("experiment_id:e", "scorer")
    assert scope_of(remote.placed_on(Context())).purpose == "scorer"
    assert read_parent(remote) is remote


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_parent_is_none(nothing: object) -> None:
    assert read_parent(nothing) is None


@pytest.mark.parametrize("nonsense", ["nonsense", "nonsense:x", 7, b"project_name:bot"])
def test_what_leads_nowhere_is_reported_and_none(nonsense: object) -> None:
    before = guard.counts.get("reading the parent of a span", 0)
    assert read_parent(nonsense) is None
    assert guard.counts["reading the parent of a span"] == before + 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [("project_name: a ", ParentKind.PROJECT_NAME), ("nonsense", None), (None, None), (7, None)],
)
def test_containers_are_told_from_other_values(text: object, kind: ParentKind | None) -> None:
    parent = container_of(text)
    assert (parent and parent.kind) == kind


@pytest.mark.parametrize(
    ("parent", "answer"),
    [
        (EXPERIMENT, True),
        (Parent(ParentKind.PROJECT_NAME, " Café "), True),
        (Parent(ParentKind.PLAYGROUND_ID, "p"), False),
        (Parent(ParentKind.PROJECT_NAME, "a\nb"), False),
        (Parent(ParentKind.PROJECT_NAME, "a\x85b"), False),
    ],
)
def test_what_headers_may_name(parent: Parent, answer: bool) -> None:
    assert is_sendable(parent) is answer
