"""A model call that another instrumentation records, to where ours go, is not recorded twice."""

from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider

from spanscore import start_span
from spanscore.integrations._call import is_inside_call
from spanscore.integrations._told_by_others import is_told_by_others
from spanscore.testing import RecordedRecords
from spanscore.tracing import RECORDING, Origins, SinkProcessor

pytestmark = pytest.mark.core

CHAT = {"gen_ai.operation.name": "chat"}

SPANS: dict[str, tuple[str, dict[str, Any], bool]] = {
    "a chat": ("pydantic-ai", CHAT, True),
    "a completion": ("openinference.instrumentation.openai", {"openinference.span.kind": "LLM"}, True),
    "embeddings": ("opentelemetry.instrumentation.openai.v1", {"gen_ai.operation.name": "embeddings"}, True),
    "an agent": ("pydantic-ai", {"gen_ai.operation.name": "invoke_agent"}, False),
    "nothing said": ("pydantic-ai", {}, False),
    "a span of the program's": ("support bot", CHAT, False),
}


@pytest.mark.parametrize(("scope", "attributes", "is_told"), SPANS.values(), ids=SPANS)
@pytest.mark.parametrize("container", ["project_name:bots", None])
def test_by_whom_and_where_to(
    scope: str, attributes: dict[str, Any], is_told: bool, container: str | None, recorded: RecordedRecords
) -> None:
    provider = TracerProvider(shutdown_on_exit=False)
    if container is not None:
        processor = SinkProcessor(recorded, origins=Origins(), default_parent=container)
        provider.add_span_processor(processor)
    with provider.get_tracer(scope).start_as_current_span("span", attributes=attributes):
        # A span that does not come to us tells us nothing.
        assert is_told_by_others() is (is_told and container is not None)
        assert is_inside_call() is is_told_by_others()
    assert not is_told_by_others()


def test_through_our_own_provider_it_comes_to_us_anyway(recorded: RecordedRecords) -> None:
    with start_span("ours"):
        assert not is_told_by_others()
    with RECORDING.tracer("logfire.openai").start_as_current_span("chat", attributes=CHAT):
        assert is_told_by_others()


def test_a_span_inside_is_again_the_programs(recorded: RecordedRecords) -> None:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SinkProcessor(recorded, origins=Origins(), default_parent="project_name:b"))
    tracer = provider.get_tracer("pydantic-ai")
    with tracer.start_as_current_span("span", attributes=CHAT), start_span("inner"):
        assert not is_told_by_others()
