"""Where spans come from: resource and scope, written once a segment and named by number."""

import threading
from dataclasses import dataclass
from typing import Final

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from spanscore.delivery._messagepack import packed, unpack

_MOST_OBJECTS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Source:
    """The resource and the scope that spans share."""

    resource: Resource
    scope: InstrumentationScope


class Sources:
    """The sources that this process has met, each with a number and its frame body.

    They are looked up by identity: a hash of a resource's attributes would cost more than the span.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, int], int] = {}
        self._by_content: dict[bytes, int] = {}
        self._bodies: list[bytes] = []
        # Kept, so that no other object gets the identity of one of these.
        self._kept: list[tuple[Resource, InstrumentationScope | None]] = []
        self.by_number: dict[int, Source] = {}
        self._lock = threading.RLock()

    def number(self, span: ReadableSpan) -> int:
        """The number of a span's source."""
        found = self._numbers.get((id(span.resource), id(span.instrumentation_scope)))
        return self._find(span.resource, span.instrumentation_scope) if found is None else found

    def body(self, number: int) -> bytes:
        """The frame body that defines a source."""
        return self._bodies[number]

    def renew(self) -> None:
        """A new lock, for a forked child: a thread that it does not have may hold this one."""
        self._lock = threading.RLock()

    def _find(self, resource: Resource, scope: InstrumentationScope | None) -> int:
        """The number of an equal source that was met as other objects, else a new one."""
        content = encode_source(0, resource, scope)
        with self._lock:
            number = self._by_content.get(content)
            if number is None:
                number = self._add(content, resource, scope)
            if len(self._kept) >= _MOST_OBJECTS:
                # A program may make a tracer, and so a scope, for each of its spans.
                self._numbers.clear()
                self._kept.clear()
            self._kept.append((resource, scope))
            self._numbers[id(resource), id(scope)] = number
        return number

    def _add(self, content: bytes, resource: Resource, scope: InstrumentationScope | None) -> int:
        # Taken before anything else: garbage collection may put a span, with a source of its own, meanwhile.
        number = len(self._bodies)
        self._bodies.append(b"")
        body = self._bodies[number] = encode_source(number, resource, scope)
        _, self.by_number[number] = decode_source(body)
        self._by_content[content] = number
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
