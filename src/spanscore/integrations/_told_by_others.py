"""Model calls that an instrumentation of somebody else's tells of in a span that reaches us as well."""

from typing import Any, Final

from opentelemetry import trace

from spanscore import tracing
from spanscore.wire.attributes import GEN_AI_OPERATION_NAME, PARENT

_SCOPES: Final = ("pydantic-ai", "openinference.instrumentation", "opentelemetry.instrumentation", "logfire")
"""How the tracers are called of those that put messages and tokens on their spans."""

_OPERATIONS: Final = frozenset({"chat", "generate_content", "text_completion", "embeddings"})
_KINDS: Final = frozenset({"LLM", "EMBEDDING"})


def is_told_by_others() -> bool:
    """True if the current span is that of a model call, by somebody else, and comes to us when it ends."""
    span: Any = trace.get_current_span()
    scope = getattr(span, "instrumentation_scope", None)
    if scope is None or not scope.name.startswith(_SCOPES):
        return False
    attributes: Any = span.attributes or {}
    is_model_call = (
        attributes.get(GEN_AI_OPERATION_NAME) in _OPERATIONS
        or attributes.get("openinference.span.kind") in _KINDS
    )
    # A processor of ours has placed the span in its container when it started.
    return is_model_call and (isinstance(span, tracing.RecordedSpan) or PARENT in attributes)
