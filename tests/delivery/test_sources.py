"""Resource and scope: written once, found by number."""

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from finished_spans import RESOURCE, finished
from forked import exit_status, held
from spanscore.delivery._sources import Source, Sources, decode_source, encode_source

pytestmark = pytest.mark.core


def span_of(resource: Resource, scope: InstrumentationScope | None) -> ReadableSpan:
    return ReadableSpan("x", resource=resource, instrumentation_scope=scope)


SOURCES = {
    "plain": (Resource({"a": 1, "b": ["x", "y"]}), InstrumentationScope("s", "1")),
    "schema": (Resource({}, "https://r"), InstrumentationScope("s", "1", "https://s", {"k": True})),
    "surrogate": (Resource({"a": "\ud800"}), InstrumentationScope("\ud800")),
}


@pytest.mark.parametrize(("resource", "scope"), SOURCES.values(), ids=SOURCES)
def test_source_comes_back(resource: Resource, scope: InstrumentationScope) -> None:
    number, source = decode_source(encode_source(7, resource, scope))
    assert number == 7
    text = {key: "\\ud800" if value == "\ud800" else value for key, value in resource.attributes.items()}
    assert (dict(source.resource.attributes), source.resource.schema_url) == (text, resource.schema_url)
    assert (source.scope.version, source.scope.schema_url) == (scope.version, scope.schema_url)
    assert dict(source.scope.attributes or {}) == dict(scope.attributes or {})


def test_span_without_a_scope_has_an_empty_one() -> None:
    _, source = decode_source(encode_source(0, RESOURCE, None))
    assert source == Source(RESOURCE, InstrumentationScope(""))


def test_same_and_equal_sources_have_one_number_and_others_another() -> None:
    sources = Sources()
    span = finished()
    first = sources.number(span)
    assert sources.number(span) == sources.number(finished()) == first
    other = sources.number(finished(scope="other"))
    assert {first, other} == {0, 1}
    for number in (first, other):
        assert decode_source(sources.body(number)) == (number, sources.by_number[number])
    assert sources.by_number[other].scope.name == "other"


def test_scopes_without_end_are_not_kept() -> None:
    """A program that asks for a tracer at each span makes a scope each time."""
    sources, gone = Sources(), 0

    class Scope(InstrumentationScope):
        def __del__(self) -> None:
            nonlocal gone
            gone += 1

    for _ in range(3000):
        assert sources.number(span_of(RESOURCE, Scope("s"))) == 0
    assert gone >= 1999
    assert len(sources.by_number) == 1


def test_number_is_never_that_of_a_source_that_is_gone() -> None:
    sources = Sources()
    for name in [*"abc"] * 1000:
        number = sources.number(span_of(RESOURCE, InstrumentationScope(name)))
        assert sources.by_number[number].scope.name == name


def test_child_has_a_new_lock() -> None:
    sources = Sources()

    def work() -> None:
        sources.renew()
        assert sources.number(finished()) == 0

    with held(sources._lock):  # pyright: ignore[reportPrivateUsage]
        assert exit_status(work) == 0
