"""The propagator, held against the specification of distributed tracing item by item."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry import baggage, propagate, trace
from opentelemetry import context as otel_context
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.context import Context
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.propagators.textmap import TextMapPropagator
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import TraceState
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from spanscore._config import Settings
from spanscore.testing import recorded_spans
from spanscore.tracing import CURRENT_LOGGER, RECORDING, SpanscorePropagator, guard, start_span
from spanscore.wire.slug import Slug

pytestmark = pytest.mark.core

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{SPAN}-01"
FORM = re.compile(r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")
ABOVE = {"traceparent": TRACEPARENT}
BOT = "braintrust.parent=project_name%3Abot"
PROPAGATOR = SpanscorePropagator()


class Logger:
    parent = "project_name:logs"


def sent_below(headers: dict[str, Any], carrier: dict[str, Any] | None = None) -> dict[str, Any]:
    """What a service sends on from within a span that it opens for a request with these headers."""
    carrier = {} if carrier is None else carrier
    token = otel_context.attach(PROPAGATOR.extract(headers))
    try:
        with start_span("service"):
            PROPAGATOR.inject(carrier)
    finally:
        otel_context.detach(token)
    return carrier


def container_of(headers: dict[str, Any]) -> Any:
    """The container of a span that a service opens for a request with these headers."""
    with recorded_spans() as recorded:
        sent_below(headers)
    return (recorded.spans[0].attributes or {}).get("braintrust.parent")


def foreign(headers: dict[str, Any]) -> list[str]:
    """The members of others in the baggage of these headers."""
    members = headers.get("baggage", "").split(",")
    return [member for member in members if member and not member.startswith("braintrust.parent=")]


# Item 91: traceparent; baggage whenever a parent is known; tracestate passed through, none otherwise.


def test_item_91_sends_traceparent_and_the_container() -> None:
    with recorded_spans(), start_span("s", parent="project_name:bot"):
        carrier: dict[str, str] = {}
        PROPAGATOR.inject(carrier)
    assert carrier == {"traceparent": f"00-{1:032x}-{1:016x}-01", "baggage": BOT}


def test_item_91_sends_the_default_project_too() -> None:
    with recorded_spans(), start_span("s"):
        carrier: dict[str, str] = {}
        PROPAGATOR.inject(carrier)
    assert carrier["baggage"] == "braintrust.parent=project_name%3Adefault"


def test_item_91_sends_the_current_logger() -> None:
    CURRENT_LOGGER.set(Logger())
    with recorded_spans():
        assert sent_below({})["baggage"] == "braintrust.parent=project_name%3Alogs"


def test_item_91_sends_the_container_of_a_span_of_plain_opentelemetry() -> None:
    provider = sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False)
    with recorded_spans(provider=provider):  # type: ignore[arg-type]
        CURRENT_LOGGER.set(Logger())
        with provider.get_tracer("plain").start_as_current_span("theirs"):
            CURRENT_LOGGER.clear()
            carrier: dict[str, str] = {}
            PROPAGATOR.inject(carrier)
    assert carrier["baggage"] == "braintrust.parent=project_name%3Alogs"


@pytest.mark.parametrize(
    "state", ["congo=t61rcWkgMzE,rojo=00f067aa0ba902b7", "congo=t61rcWkgMzE , rojo=00", "not a valid state"]
)
def test_item_91_passes_tracestate_through_unchanged(state: str) -> None:
    with recorded_spans():
        assert sent_below({**ABOVE, "tracestate": state})["tracestate"] == state


@pytest.mark.parametrize("above", [{}, ABOVE, {"tracestate": "congo=1"}])
def test_item_91_sends_no_tracestate_of_its_own(above: dict[str, str]) -> None:
    with recorded_spans():
        assert "tracestate" not in sent_below(above)


def test_item_91_leaves_no_tracestate_of_another_trace() -> None:
    with recorded_spans():
        assert "tracestate" not in sent_below(ABOVE, {"Tracestate": "other=1", "tracestate": "other=1"})


def test_item_91_sends_what_a_sampler_has_made_of_tracestate() -> None:
    class Marking(Sampler):
        def should_sample(self, parent_context: Context | None, *args: Any, **kwargs: Any) -> SamplingResult:
            return SamplingResult(Decision.RECORD_AND_SAMPLE, None, TraceState([("mark", "1")]))

        def get_description(self) -> str:
            return "marks"

    with recorded_spans(sampler=Marking()):
        assert sent_below({**ABOVE, "tracestate": "congo=1"})["tracestate"] == "mark=1"


def test_item_91_tracestate_stays_with_its_trace() -> None:
    with recorded_spans():
        token = otel_context.attach(PROPAGATOR.extract({**ABOVE, "tracestate": "congo=1"}))
        with start_span("another trace", parent="project_name:bot"):
            carrier: dict[str, str] = {}
            PROPAGATOR.inject(carrier)
        otel_context.detach(token)
    assert "tracestate" not in carrier


# Item 92: the form of traceparent, and its ids those of the active span.


def test_item_92_traceparent_names_the_active_span() -> None:
    with recorded_spans(), start_span("s") as span:
        carrier: dict[str, str] = {}
        PROPAGATOR.inject(carrier)
    assert FORM.match(carrier["traceparent"])
    assert carrier["traceparent"] == f"00-{span.root_span_id}-{span.id}-01"


@pytest.mark.parametrize("flags", ["00", "01"])
def test_item_92_the_sampling_decision_above_is_kept(flags: str) -> None:
    with recorded_spans():
        assert sent_below({"traceparent": f"00-{TRACE}-{SPAN}-{flags}"})["traceparent"][-2:] == flags


def test_item_92_nothing_is_sent_outside_any_span() -> None:
    carrier = {"Baggage": "a=1", "accept": "text/plain"}
    with recorded_spans():
        PROPAGATOR.inject(carrier)
    assert carrier == {"Baggage": "a=1", "accept": "text/plain"}


# Item 93: members of others byte for byte.

VERBATIM = [
    "path=a%2Fb",
    "path=a%2Fb;prop=1",
    "path=a%2Fb ; prop = 1 ;other",
    "plus=a+b",
    "colon=a:b/c?d=e",
    "empty=",
    "lower=%c3%a9",
    "quoted=%22x%22",
    "a%20key=1",
    "invalid=%zz%",
    "twice=1,twice=2",
]


@pytest.mark.parametrize("members", VERBATIM)
def test_item_93_members_of_others_are_kept_byte_for_byte(members: str) -> None:
    with recorded_spans():
        sent = sent_below({**ABOVE, "baggage": f"{members},{BOT}"})
    assert foreign(sent) == members.split(",")


def test_item_93_all_of_them_and_in_order() -> None:
    with recorded_spans():
        sent = sent_below({**ABOVE, "baggage": " , ".join(VERBATIM)})
    assert foreign(sent) == ",".join(VERBATIM).split(",")


def test_item_93_members_that_the_carrier_has_already_are_kept_byte_for_byte() -> None:
    with recorded_spans():
        assert foreign(sent_below(ABOVE, {"baggage": "mine=a%2Fb;p"})) == ["mine=a%2Fb;p"]


def test_item_93_baggage_goes_on_where_nothing_is_recorded() -> None:
    context = PROPAGATOR.extract({"baggage": "path=a%2Fb;prop=1"})
    carrier: dict[str, str] = {}
    PROPAGATOR.inject(carrier, context)
    assert carrier == {"baggage": "path=a%2Fb;prop=1"}


def test_item_93_the_program_reads_and_changes_it_by_the_api_of_opentelemetry() -> None:
    context = PROPAGATOR.extract({"baggage": "path=a%2Fb;prop=1,tenant=a+b,gone=1"})
    assert dict(baggage.get_all(context)) == {"path": "a/b", "tenant": "a+b", "gone": "1"}
    context = baggage.remove_baggage("gone", context)
    context = baggage.set_baggage("tenant", "a, b", context)
    context = baggage.set_baggage("user", "ü%+", context)
    carrier: dict[str, str] = {}
    PROPAGATOR.inject(carrier, context)
    assert carrier["baggage"] == "path=a%2Fb;prop=1,tenant=a%2C%20b,user=%C3%BC%25%2B"


@pytest.mark.parametrize("ours_first", [True, False])
def test_item_93_beside_the_propagators_of_opentelemetry(ours_first: bool) -> None:
    stock: list[TextMapPropagator] = [TraceContextTextMapPropagator(), W3CBaggagePropagator()]
    both = CompositePropagator([PROPAGATOR, *stock] if ours_first else [*stock, PROPAGATOR])
    headers = {**ABOVE, "baggage": f"path=a%2Fb,plus=a+b,{BOT}"}
    carrier: dict[str, str] = {}
    both.inject(carrier, both.extract(headers))
    # Whoever comes last writes: ours to the letter.
    if not ours_first:
        assert carrier["baggage"] == f"{BOT},path=a%2Fb,plus=a+b"
    assert carrier["traceparent"] == TRACEPARENT


# Item 94: lower case on send, one key remains.


def test_item_94_names_are_in_lower_case_and_one_key_remains() -> None:
    carrier = {"Baggage": "mine=1", "BAGGAGE": "more=2", "Traceparent": "stale", "X-Other": "x"}
    with recorded_spans():
        sent_below({**ABOVE, "tracestate": "congo=1"}, carrier)
    assert carrier == {
        "X-Other": "x",
        "traceparent": f"00-{TRACE}-{1:016x}-01",
        "tracestate": "congo=1",
        "baggage": "braintrust.parent=project_name%3Adefault,mine=1,more=2",
    }


def test_item_94_fields() -> None:
    assert PROPAGATOR.fields == {"traceparent", "tracestate", "baggage"}


# Item 95: percent-encoding of braintrust.parent.


@pytest.mark.parametrize(
    ("name", "encoded"),
    [
        ("Café", "Caf%C3%A9"),
        ("a,b c", "a%2Cb%20c"),
        ("a+b", "a%2Bb"),
        ("100%", "100%25"),
        ("%20", "%2520"),
        (" lead", "%20lead"),
        ("trail ", "trail%20"),
        ('q"u;o=t\\e', "q%22u%3Bo%3Dt%5Ce"),
        ("日本", "%E6%97%A5%E6%9C%AC"),
        ("a:b", "a%3Ab"),
    ],
)
def test_item_95_braintrust_parent_is_percent_encoded_and_round_trips(name: str, encoded: str) -> None:
    with recorded_spans(), start_span("s", parent=f"project_name:{name}"):
        carrier: dict[str, str] = {}
        PROPAGATOR.inject(carrier)
    assert carrier["baggage"] == f"braintrust.parent=project_name%3A{encoded}"
    assert carrier["baggage"].isascii()
    assert container_of({**ABOVE, "baggage": carrier["baggage"]}) == f"project_name:{name}"


def test_item_95_a_plus_survives_on_receive() -> None:
    assert container_of({**ABOVE, "baggage": "braintrust.parent=project_name:a+b"}) == "project_name:a+b"


# Item 96: receiving.


@pytest.mark.parametrize("change", [str.lower, str.title, str.upper])
def test_item_96_names_may_have_any_case(change: Any) -> None:
    headers = {**ABOVE, "baggage": f"{BOT},a=1", "tracestate": "congo=1"}
    with recorded_spans() as recorded:
        sent = sent_below({change(name): value for name, value in headers.items()})
    (span,) = recorded.spans
    assert span.parent is not None
    assert (span.parent.trace_id, span.parent.span_id) == (int(TRACE, 16), int(SPAN, 16))
    assert span.parent.is_remote
    assert (span.attributes or {})["braintrust.parent"] == "project_name:bot"
    assert sent == {
        "traceparent": f"00-{TRACE}-{1:016x}-01",
        "tracestate": "congo=1",
        "baggage": f"{BOT},a=1",
    }


def test_item_96_without_a_container_the_active_one_counts() -> None:
    CURRENT_LOGGER.set(Logger())
    assert container_of(ABOVE) == "project_name:logs"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"traceparent": "invalid"},
        {"traceparent": f"00-{'0' * 32}-{SPAN}-01"},
        {"traceparent": [TRACEPARENT, f"00-{TRACE}-{1:016x}-01"]},
    ],
)
def test_item_96_without_a_valid_traceparent_a_new_trace_begins(headers: dict[str, Any]) -> None:
    CURRENT_LOGGER.set(Logger())
    with recorded_spans() as recorded, start_span("not above"):
        sent_below({**headers, "baggage": BOT, "tracestate": "congo=1"})
    span = recorded.spans[0]
    assert (span.name, span.parent) == ("service", None)
    assert (span.attributes or {})["braintrust.parent"] == "project_name:logs"


def test_item_96_what_the_context_holds_stays_where_headers_say_nothing() -> None:
    with recorded_spans(), start_span("here") as span:
        context = PROPAGATOR.extract({}, otel_context.get_current())
    assert trace.get_current_span(context) is span.span


# Item 97: unrelated, invalid and oversized baggage.


@pytest.mark.parametrize(
    "header",
    [
        "unrelated=1",
        "",
        ",,,",
        "=",
        "no value",
        "\x00",
        "a=1\r\nx-evil: 1",
        "é=ü",
        "\udc80=1",
        "braintrust.parent",
        "braintrust.parent=",
        "braintrust.parent=%",
        "braintrust.parent=%FF",
        "a=" + "x" * 100_000,
        ",".join(f"k{number}=v" for number in range(100_000)),
    ],
)
def test_item_97_baggage_of_any_kind_does_no_harm(header: str) -> None:
    CURRENT_LOGGER.set(Logger())
    headers = {**ABOVE, "baggage": header}
    assert container_of(headers) == "project_name:logs"
    with recorded_spans():
        sent = sent_below(headers)
    assert sent["traceparent"].startswith(f"00-{TRACE}")
    assert sent["baggage"].isascii()
    assert sent["baggage"].isprintable()


@pytest.mark.parametrize("carrier", [None, 7, [], object(), {"baggage": object()}, {1: 2}])
def test_item_97_a_carrier_of_any_kind_does_no_harm(carrier: Any) -> None:
    guard.reraise = False
    with recorded_spans(), start_span("s"):
        assert PROPAGATOR.extract(carrier, Context()) == Context()
        PROPAGATOR.inject(carrier)


# Item 98: limits.


def test_item_98_at_most_64_members() -> None:
    header = ",".join(f"k{number}=v" for number in range(70))
    with recorded_spans():
        members = sent_below({**ABOVE, "baggage": header})["baggage"].split(",")
    assert members[1:] == [f"k{number}=v" for number in range(63)]


def test_item_98_at_most_8192_bytes_in_whole_members() -> None:
    members = [f"k{number}={'x' * 2000}" for number in range(5)]
    with recorded_spans():
        sent = sent_below({**ABOVE, "baggage": ",".join(members)})
    assert foreign(sent) == members[:4]
    assert len(sent["baggage"].encode()) <= 8192


def test_item_98_one_member_that_is_too_large_is_dropped() -> None:
    context = baggage.set_baggage("huge", "x" * 9000, PROPAGATOR.extract(ABOVE))
    context = baggage.set_baggage("small", "1", context)
    carrier: dict[str, str] = {}
    PROPAGATOR.inject(carrier, context)
    assert carrier["baggage"] == "small=1"


@given(received=st.text(max_size=200), carried=st.text(max_size=200), added=st.text(max_size=20))
def test_item_98_whatever_comes_in_what_goes_out_is_a_header(received: str, carried: str, added: str) -> None:
    carrier = {"baggage": carried}
    context = PROPAGATOR.extract({**ABOVE, "baggage": received})
    PROPAGATOR.inject(carrier, baggage.set_baggage(added, added, context))
    sent = carrier.get("baggage", "")
    assert sent.isascii()
    assert not set(sent) & set(map(chr, [*range(9), *range(10, 32), 127]))
    assert len(sent) <= 8192
    assert sent.count(",") < 64


# Item 99: the place of braintrust.parent is reserved.


def test_item_99_braintrust_parent_comes_first() -> None:
    full = ",".join(f"k{number}={'x' * 110}" for number in range(64))
    with recorded_spans():
        sent = sent_below({**ABOVE, "baggage": full})
    members = sent["baggage"].split(",")
    assert members[0] == "braintrust.parent=project_name%3Adefault"
    assert members[1:] == full.split(",")[: len(members) - 1]
    assert len(members) == 64


# Item 100: what may be a container.


@pytest.mark.parametrize("parent", ["project_id:p-1", "project_name:bot", "experiment_id:e-1"])
def test_item_100_projects_and_experiments_are_containers(parent: str) -> None:
    header = f"braintrust.parent={parent}"
    assert container_of({**ABOVE, "baggage": header}) == parent
    with recorded_spans():
        assert sent_below({**ABOVE, "baggage": header})["baggage"] == header.replace(":", "%3A")


SLUG = str(Slug.parse("BAIAeyJvYmplY3RfaWQiOiJwIn0="))


@pytest.mark.parametrize(
    "value", [SLUG, "playground_id:p", "dataset:x", "project_name:", "project_name:a%0d%0ab", "org:x"]
)
def test_item_100_nothing_else_is(value: str) -> None:
    CURRENT_LOGGER.set(Logger())
    header = f"braintrust.parent={value},a=1"
    assert container_of({**ABOVE, "baggage": header}) == "project_name:logs"
    with recorded_spans():
        sent = sent_below({**ABOVE, "baggage": header})
    assert sent["baggage"] == "braintrust.parent=project_name%3Alogs,a=1"


def test_item_100_no_slug_and_no_playground_is_sent() -> None:
    for parent in ("playground_id:p", SLUG):
        with recorded_spans(), start_span("s", parent=parent):
            carrier: dict[str, str] = {"baggage": "a=1"}
            PROPAGATOR.inject(carrier)
        assert SLUG not in str(carrier)
        assert "playground" not in str(carrier)
        assert "a=1" in carrier["baggage"]


def test_item_100_whoever_does_not_trust_requests_keeps_the_trace_only() -> None:
    wary = SpanscorePropagator(trust_parent=False)
    context = wary.extract({**ABOVE, "baggage": f"a=1,{BOT}"})
    assert trace.get_current_span(context).get_span_context().trace_id == int(TRACE, 16)
    assert dict(baggage.get_all(context)) == {"a": "1"}
    carrier: dict[str, str] = {}
    wary.inject(carrier, context)
    assert carrier == {"traceparent": TRACEPARENT, "baggage": "a=1"}


# Item 101: an unknown parent breaks nothing.


def test_item_101_an_unknown_container_breaks_nothing() -> None:
    with trace.use_span(trace.NonRecordingSpan(trace.SpanContext(1, 2, is_remote=False))):
        carrier: dict[str, str] = {"baggage": f"a=1,{BOT}"}
        PROPAGATOR.inject(carrier)
        only: dict[str, str] = {"baggage": BOT}
        PROPAGATOR.inject(only)
    assert carrier == {"traceparent": f"00-{1:032x}-{2:016x}-00", "baggage": "a=1"}
    assert only == {"traceparent": f"00-{1:032x}-{2:016x}-00"}


@pytest.mark.parametrize("parent", ["nonsense", "nonsense:x", "project_name:", 7, object()])
def test_item_101_a_span_with_an_unknown_parent_is_recorded(parent: Any) -> None:
    with recorded_spans() as recorded, start_span("s", parent=parent):
        carrier: dict[str, str] = {}
        PROPAGATOR.inject(carrier)
    assert [span.name for span in recorded.spans] == ["s"]
    assert FORM.match(carrier["traceparent"])
    assert carrier["baggage"] == "braintrust.parent=project_name%3Adefault"


def test_item_101_without_settings_nothing_is_made_up() -> None:
    assert RECORDING.settings is None
    assert Settings.parent
    provider = sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False)
    with provider.get_tracer("plain").start_as_current_span("theirs"):
        carrier: dict[str, str] = {}
        PROPAGATOR.inject(carrier)
    assert set(carrier) == {"traceparent"}


# Item 103: ids. Items 102 and 103 are tested with the functions of the API too.


@pytest.mark.parametrize("variable", ["BRAINTRUST_LEGACY_IDS", "BRAINTRUST_OTEL_COMPAT"])
def test_item_103_ids_are_always_those_of_opentelemetry(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variables choose between two kinds of ids in the official SDK; here is one, so both do nothing."""
    monkeypatch.setenv(variable, "true")
    with recorded_spans(), start_span("s") as span:
        carrier: dict[str, str] = {}
        PROPAGATOR.inject(carrier)
    assert (len(span.id), len(span.root_span_id)) == (16, 32)
    assert FORM.match(carrier["traceparent"])


def test_it_can_be_the_propagator_of_the_program() -> None:
    before = propagate.get_global_textmap()
    propagate.set_global_textmap(PROPAGATOR)
    try:
        context = propagate.extract({"Traceparent": TRACEPARENT, "Baggage": BOT})
        carrier: dict[str, str] = {}
        propagate.inject(carrier, context)
    finally:
        propagate.set_global_textmap(before)
    assert carrier == {"traceparent": TRACEPARENT, "baggage": BOT}


def test_it_can_be_chosen_by_the_environment(tmp_path: Path) -> None:
    folder = tmp_path / "chosen-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: chosen\nVersion: 1\n")
    (folder / "entry_points.txt").write_text(
        "[opentelemetry_propagator]\nchosen = spanscore:SpanscorePropagator\n"
    )
    program = (
        "from opentelemetry import propagate; print(type(propagate.get_global_textmap()._propagators[0]))"
    )
    path = os.pathsep.join((str(tmp_path), os.environ.get("PYTHONPATH", "")))
    environment = {**os.environ, "PYTHONPATH": path, "OTEL_PROPAGATORS": "chosen"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "<class 'spanscore.tracing._w3c.SpanscorePropagator'>\n"
