"""What LangChain tells of a run that is no model call."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from langchain_core.messages import ToolMessage
from opentelemetry.util.types import AttributeValue

from spanscore.integrations._endpoint import Description
from spanscore.integrations._plain import fields_of, text
from spanscore.wire import attributes

_OWN_METADATA: Final = ("ls_", "lc_", "langgraph_", "checkpoint_", "__")
"""How the metadata begins that LangChain and LangGraph add themselves."""


@dataclass(frozen=True, slots=True)
class Told:
    """The beginning of a run: what runs, as LangChain serialises it, and what else was said."""

    serialized: Any
    more: Mapping[str, Any]
    parent_run_id: UUID | None

    @property
    def name(self) -> str | None:
        """The name that was given to the run, else that of what runs."""
        given = fields_of(self.serialized)
        path = given.get("id")
        last = path[-1] if isinstance(path, list) and path else None  # pyright: ignore[reportUnknownVariableType]
        return text(self.more.get("name")) or text(given.get("name")) or text(last)

    def described(self, given: Any, *, is_root: bool) -> Description:
        """What goes into the run. Tags and metadata are handed down, and told once, at the top."""
        metadata = fields_of(self.more.get("metadata"))
        own = {key: value for key, value in metadata.items() if not key.startswith(_OWN_METADATA)}
        tags = [tag for tag in self.more.get("tags") or () if isinstance(tag, str)]
        return Description(
            input=given,
            metadata=own if is_root else {},
            more=metadata,
            attributes={attributes.TAGS: tags} if is_root and tags else {},
        )


def tool_attributes(name: str | None) -> dict[str, AttributeValue]:
    """OpenTelemetry's attributes of a tool that runs."""
    return {
        attributes.GEN_AI_OPERATION_NAME: "execute_tool",
        **({attributes.GEN_AI_TOOL_NAME: name} if name else {}),
    }


def tool_output(output: Any) -> Any:
    """The result of a tool, without the message around it."""
    return output.content if isinstance(output, ToolMessage) else output  # pyright: ignore[reportUnknownMemberType,reportUnknownVariableType]


def reported_error(output: Any) -> str | None:
    """The error that a tool reports instead of raising it."""
    if not isinstance(output, ToolMessage) or output.status != "error":
        return None
    return text(tool_output(output)) or "the tool reports an error"


def document(found: Any) -> Any:
    """A document that a retriever has found, as JSON."""
    page = getattr(found, "page_content", None)
    if page is None:
        return found
    told = {
        "id": getattr(found, "id", None),
        "page_content": page,
        "metadata": getattr(found, "metadata", None),
    }
    return {key: value for key, value in told.items() if value is not None}


def is_control_flow(error: BaseException | str | None) -> bool:
    """Whether what was raised only ends a run: a stream that is left, a graph that waits for somebody."""
    if isinstance(error, GeneratorExit):
        return True
    graph: Any = sys.modules.get("langgraph.errors")
    bubbling = getattr(graph, "GraphBubbleUp", None)
    return isinstance(bubbling, type) and isinstance(error, bubbling)
