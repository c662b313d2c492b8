"""Which foreign spans are about AI."""

from opentelemetry.sdk.trace import ReadableSpan

from spanscore.wire.attributes import AI_PREFIXES, EVAL_SCOPE, SCOPE, SYSTEM


def is_ours(span: ReadableSpan) -> bool:
    """True for spans made through this library."""
    scope = span.instrumentation_scope
    return scope is not None and scope.name in (SCOPE, EVAL_SCOPE)


def is_ai_span(span: ReadableSpan) -> bool:
    """True if an attribute has one of the AI prefixes; attributes that only route do not count.

    Prefixes and exemptions follow the Braintrust instrumentation guide.
    """
    return any(key.startswith(AI_PREFIXES) and key not in SYSTEM for key in span.attributes or ())


def is_shippable(span: ReadableSpan) -> bool:
    """True for the spans that we ship from a provider of the user's: ours, and those about AI."""
    return is_ours(span) or is_ai_span(span)
