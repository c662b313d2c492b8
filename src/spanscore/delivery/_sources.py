"""Where spans come from: resource and scope, written once a segment and named by number."""

import threading
from dataclasses import dataclass

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from spanscore.delivery._messagepack import packed, unpack


@dataclass(frozen=True, slots=True)
class Source:
    """The resource and the scope that spans share."""

    resource: Resource
    scope: InstrumentationScope


class Sources:
    """The sources that this process has met, each with a number and its frame body.

    They are told apart by identity: a hash of a resource's attributes would cost more than the span.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, int], int] = {}
        self._bodies: list[bytes] = []
        # Kept, so that no other object gets the identity of one of these.
        self._kept: list[tuple[Resource, InstrumentationScope | None]] = []
        self.by_number: dict[int, Source] = {}
        self._lock = threading.RLock()

    def number(self, span: ReadableSpan) -> int:
        """The number of a span's source."""
        found = self._numbers.get((id(span.resource), id(span.instrumentation_scope)))
        return self._add(span.resource, span.instrumentation_scope) if found is None else found

    def body(self, number: int) -> bytes:
        """The frame body that defines a source."""
        return self._bodies[number]

    def renew(self) -> None:
        """A new lock, for a forked child: a thread that it does not have may hold this one."""
        self._lock = threading.RLock()

    def _add(self, resource: Resource, scope: InstrumentationScope | None) -> int:
        with self._lock:
            number = len(self._bodies)
            body = encode_source(number, resource, scope)
            self._kept.append((resource, scope))
            self._bodies.append(body)
            _, self.by_number[number] = decode_source(body)
            self._numbers[id(resource), id(scope)] = number
        return number


def encode_source(number: int, resource: Resource, scope: InstrumentationScope | None) -> bytes:
    """The body of a frame that gives a source its number."""
    named = scope or InstrumentationScope("")
    attributes = getattr(named, "attributes", None)
    return packed(
        (
            number,
            dict(resource.attributes),
            resource.schema_url,
            (named.name, named.version, named.schema_url, dict(attributes) if attributes else None),
        )
    )


def decode_source(body: bytes) -> tuple[int, Source]:
    """The number and the source that a frame body defines."""
    number, attributes, schema_url, scope = unpack(body)
    return number, Source(Resource(attributes, schema_url), InstrumentationScope(*scope))
