"""An event on a span of ours."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from opentelemetry.sdk.trace import Event

from spanscore.tracing._limits import AttributeLimits, PlainAttributes


class RecordedEvent(Event):
    """An SDK event whose attributes are bounded the cheap way; they do not change once it is made."""

    def __init__(
        self, name: str, attributes: Mapping[str, Any] | None, timestamp: int | None, limits: AttributeLimits
    ) -> None:
        super().__init__(name, None, timestamp)
        self._kept: dict[str, Any] = {}
        self._dropped = 0
        if type(attributes) is PlainAttributes and len(attributes) <= limits.most_as_they_are:
            self._kept = attributes
        elif attributes:
            self._dropped = limits.put_all(self._kept, attributes)

    @property
    def attributes(self) -> Mapping[str, Any]:
        """The event's attributes."""
        return MappingProxyType(self._kept)

    @property
    def dropped_attributes(self) -> int:
        """How many attributes the limits cost."""
        return self._dropped
