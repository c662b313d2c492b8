"""Our processors on a provider: each span is shipped to a destination by one of them."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.trace import NoOpTracerProvider, ProxyTracerProvider, TracerProvider

from spanscore.tracing._span import RecordedSpan

_logger = logging.getLogger("spanscore")

Active = tuple[SpanProcessor, ...]
"""The processors of a provider as it holds them; another tuple once one has been added."""


@dataclass(slots=True, kw_only=True, eq=False)
class Standing:
    """What one of our processors is among others on its provider.

    `is_by_hand`: the program has added it, not a front door. `shares`: it leads where recording leads.
    `allows_second`: it is meant to be there beside another. The rest is found out: `is_refused` ships
    nothing, `is_doubled` is told of each span twice, `leaves` names the spans that another one ships.
    """

    is_by_hand: bool = False
    shares: bool = False
    allows_second: bool = False
    is_refused: bool = False
    is_doubled: bool = False
    leaves: Callable[[ReadableSpan], bool] | None = None
    is_alone: bool = True
    is_said: bool = False


class Shipper(Protocol):
    """A processor of ours."""

    standing: Standing

    @property
    def destinations(self) -> frozenset[str]:
        """The identities of where it leads; empty if they are not known."""
        ...

    def ships(self, span: ReadableSpan) -> bool:
        """True if it would ship this span."""
        ...


def settle(shippers: Sequence[Shipper]) -> None:
    """Decide what each of our processors on one provider ships; `shippers` are in the provider's order.

    Of those added by hand the first has the word; a further one is refused and said. One that a front door
    has attached makes way for it where both lead to the same place.
    """
    times = Counter(map(id, shippers))
    leader: Shipper | None = None
    for shipper in dict.fromkeys(shippers):
        standing = shipper.standing
        standing.is_doubled = times[id(shipper)] > 1
        if standing.is_doubled:
            _say(standing, "the same processor was added twice")
        if standing.is_by_hand and not standing.allows_second:
            if leader is None:
                leader = shipper
            else:
                _say(standing, "a second one was added; it ships nothing")
                standing.is_refused = True
    for shipper in shippers:
        if not shipper.standing.is_by_hand:
            shipper.standing.is_refused = False
            if leader is not None:
                _share_out(leader, shipper)
    for shipper in shippers:
        standing = shipper.standing
        standing.is_alone = not (standing.is_refused or standing.is_doubled or standing.leaves)


def _share_out(leader: Shipper, attached: Shipper) -> None:
    """Let one of both ship a span to each place: `leader` was added by hand, `attached` by a front door."""
    by_hand, recorded = leader.destinations, attached.destinations
    leader.standing.leaves = None
    if leader.standing.shares or (recorded and by_hand >= recorded):
        attached.standing.is_refused = True
    elif by_hand and recorded >= by_hand:
        leader.standing.leaves = attached.ships
    elif by_hand & recorded:
        _say(leader.standing, "it and setup() share only some of their destinations, which get spans twice")


def _say(standing: Standing, what: str) -> None:
    if not standing.is_said:
        standing.is_said = True
        _logger.warning(
            "a tracer provider has more than one SpanscoreSpanProcessor: %s. Add one, with all its "
            "destinations (SpanscoreSpanProcessor(destinations=...)), or, for another account, a second with "
            "allow_second=True",
            what,
        )


def active_processors(span: object) -> Active | None:
    """The processors of the provider that made a span which has just started; None if it does not say."""
    if type(span) is RecordedSpan:
        return span._tracer.processors  # pyright: ignore[reportPrivateUsage] - our own
    return _children(getattr(span, "_span_processor", None))


def provider_processors(provider: object) -> Active:
    """The processors of a provider; none if it does not say."""
    return _children(getattr(provider, "_active_span_processor", None)) or ()


def flattened(active: Active) -> Iterator[SpanProcessor]:
    """The processors, those within others included."""
    for processor in active:
        yield processor
        yield from flattened(_children(processor) or ())


def _children(processor: object) -> Active | None:
    found: object = getattr(processor, "_span_processors", None)
    return cast("Active", found) if isinstance(found, tuple) else None


def why_nothing_arrives(provider: object) -> str | None:
    """Why no span of a provider can reach a processor of ours; None if they can."""
    name = type(provider).__name__
    if provider is None or isinstance(provider, ProxyTracerProvider):
        return "no tracer provider is set"
    if isinstance(provider, NoOpTracerProvider):
        return f"the program's tracer provider ({name}) does nothing"
    if getattr(provider, "_disabled", False) is True:
        return f"OTEL_SDK_DISABLED switches the tracer provider ({name}) off"
    if not isinstance(provider, sdk_trace.TracerProvider) and not hasattr(provider, "add_span_processor"):
        return f"the program's tracer provider ({name}) takes no span processors"
    return None


def is_sdk_disabled() -> bool:
    """True where OTEL_SDK_DISABLED makes every provider of the SDK do nothing."""
    # Asked of the SDK, which alone knows how it reads the variable.
    return getattr(
        sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False), "_disabled", False
    )


def say_that_nothing_arrives(why: str) -> None:
    """Log that spans will be missing, and what to do."""
    _logger.warning(
        "%s: no span will reach spanscore; set an SDK TracerProvider, or none so that spanscore makes one",
        why,
    )


def add_processor(provider: TracerProvider, processor: SpanProcessor) -> bool:
    """True once `processor` is on `provider`; False, said, if it can take none."""
    why = why_nothing_arrives(provider)
    if why is not None:
        say_that_nothing_arrives(why)
        return False
    add: Callable[[SpanProcessor], None] = getattr(provider, "add_span_processor")  # noqa: B009
    add(processor)
    return True
