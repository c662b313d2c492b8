"""An event on a span of ours."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from opentelemetry.sdk.trace import Event

from spanscore.tracing._limits import LimitedAttributes


class RecordedEvent(Event):
    """An SDK event whose attributes are bounded the cheap way; they do not change once it is made."""

    def __init__(self, name: str, attributes: LimitedAttributes, timestamp: int | None) -> None:
        super().__init__(name, None, timestamp)
        self._limited = attributes

    @property
    def attributes(self) -> Mapping[str, Any]:
        """The event's attributes."""
        return MappingProxyType(self._limited)

    @property
    def dropped_attributes(self) -> int:
        """How many attributes the limits cost."""
        return self._limited.dropped
