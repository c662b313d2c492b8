"""The OpenAI Agents SDK: what its tracing tells, of openai-agents 0.1 and later."""

# The package may be absent where types are checked.
# pyright: reportMissingImports=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportUnnecessaryCast=false

from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Final, cast

from agents.tracing import (
    TracingProcessor,
    add_trace_processor,
    get_trace_provider,
    set_trace_processors,
)

from spanscore import tracing
from spanscore.integrations._version import check_version
from spanscore.integrations.openai_agents._processor import SpanscoreTracingProcessor

__all__ = ["OLDEST", "SpanscoreTracingProcessor", "patch"]

OLDEST: Final = (0, 1)
"""The oldest openai-agents that is tested."""

_removing = tracing.quietly("taking a processor off the agents' tracing")


def patch() -> Callable[[], None]:
    """Record what all agents do from now on; gives what undoes it."""
    check_version("openai-agents", version("openai-agents"), OLDEST)
    processor = SpanscoreTracingProcessor()
    add_trace_processor(processor)

    def undo() -> None:
        processor.stop()
        with _removing:
            _remove(processor)

    return undo


def _remove(processor: SpanscoreTracingProcessor) -> None:
    """Take it off the list, which only the SDK's own provider shows; it is silent anyway."""
    of_provider: Any = getattr(get_trace_provider(), "_multi_processor", None)
    known: Any = getattr(of_provider, "_processors", None)
    if isinstance(known, tuple) and processor in known:
        others = [other for other in cast("tuple[TracingProcessor, ...]", known) if other is not processor]
        set_trace_processors(others)
