"""What a caller wants said on the span of a call, carried in the request as `span_info`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from spanscore.integrations._plain import fields_of, text

KEY: Final = "span_info"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanInfo:
    """Metadata, span name, shown name (`label`) and purpose for the span; taken out of what is sent."""

    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])
    name: str | None = None
    label: str | None = None
    purpose: str | None = None

    @classmethod
    def of(cls, value: Any) -> "SpanInfo":
        """Read `{"metadata": …, "name": …, "span_attributes": {"name": …, "purpose": …}}`, and no more."""
        if value is None:
            return NOTHING
        given = fields_of(value)
        shown = fields_of(given.get("span_attributes"))
        return cls(
            metadata=fields_of(given.get("metadata")),
            name=text(given.get("name")),
            label=text(shown.get("name")),
            purpose=text(shown.get("purpose")),
        )


NOTHING: Final = SpanInfo()
