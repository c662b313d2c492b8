"""The context in which our own reading, writing and sending happens."""

from opentelemetry import context as otel_context
from opentelemetry.context import Context


def unwatched() -> Context:
    """A context in which the user's instrumentations do not see what we do."""
    context = Context()
    for key in ("_SUPPRESS_INSTRUMENTATION_KEY", "_SUPPRESS_HTTP_INSTRUMENTATION_KEY"):
        name = getattr(otel_context, key, None)
        if name is not None:
            context = otel_context.set_value(name, value=True, context=context)
    return otel_context.set_value("suppress_instrumentation", value=True, context=context)
