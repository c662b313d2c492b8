"""Finished spans as an outline of their tree."""

import json
from collections.abc import Sequence

from opentelemetry.sdk.trace import ReadableSpan


def outline(spans: Sequence[ReadableSpan]) -> list[str]:
    """A line a span, "name: type", two blanks further in than the span above, by the times they started."""
    by_id = {span.context.span_id: span for span in spans if span.context}

    def depth(span: ReadableSpan) -> int:
        above = by_id.get(span.parent.span_id) if span.parent else None
        return 0 if above is None else 1 + depth(above)

    def children(above: int | None) -> list[ReadableSpan]:
        below = [span for span in spans if (span.parent.span_id if span.parent else None) == above]
        return sorted(below, key=lambda span: span.start_time or 0)

    def lines(above: int | None) -> list[str]:
        found: list[str] = []
        for span in children(above):
            found.append(f"{'  ' * depth(span)}{span.name}: {_type(span)}")
            found += lines(span.context.span_id if span.context else None)
        return found

    return lines(None)


def _type(span: ReadableSpan) -> str | None:
    attributes = (span.attributes or {}).get("braintrust.span_attributes")
    return json.loads(attributes).get("type") if isinstance(attributes, str) else None
