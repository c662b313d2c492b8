"""Graphs of LangGraph: nodes in the order in which they run, with all that happens inside below them."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, TypedDict

import pytest

pytest.importorskip("langgraph")

from langchain_core.tools import tool
from langgraph.checkpoint.memory import MemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt
from opentelemetry import context as otel_context
from opentelemetry.trace import StatusCode

from span_reading import attribute, told
from span_tree import outline
from spanscore import start_span
from spanscore.integrations.langchain import SpanscoreCallbackHandler
from spanscore.integrations.langchain._runs import OPEN
from spanscore.testing import RecordedRecords

pytestmark = pytest.mark.usefixtures("_patched")


@pytest.fixture(autouse=True)
def _nothing_is_left_open() -> Iterator[None]:
    before = otel_context.get_current()
    yield
    assert len(OPEN) == 0
    assert otel_context.get_current() is before


class State(TypedDict):
    number: int


@tool
def double(number: int) -> int:
    """Doubles."""
    with start_span("multiply"):
        return 2 * number


def plan(state: State) -> State:
    with start_span("think"):
        return {"number": state["number"] + 1}


def act(state: State) -> State:
    return {"number": double.invoke({"number": state["number"]})}


async def aplan(state: State) -> State:
    return plan(state)


async def aact(state: State) -> State:
    return {"number": await double.ainvoke({"number": state["number"]})}


def where_to(state: State) -> str:
    return "plan" if state["number"] < 6 else END


def graph_of(plan: Any, act: Any) -> Any:
    graph = StateGraph(State)
    graph.add_node("plan", plan)
    graph.add_node("act", act)
    graph.add_edge(START, "plan")
    graph.add_edge("plan", "act")
    graph.add_conditional_edges("act", where_to)
    return graph.compile().with_config(run_name="doubling")


ROUND = [
    "  plan: task",
    "    think: None",
    "  act: task",
    "    double: tool",
    "      multiply: None",
    "    where_to: task",
]
EXPECTED = ["doubling: task", *ROUND, *ROUND]


async def run(graph: Any, way: str, given: Any, config: Any = None) -> Any:
    result = getattr(graph, way)(given, config)
    if isinstance(result, AsyncIterator):
        return [start_span("reading").end() async for _chunk in result]
    if isinstance(result, Iterator):
        return [start_span("reading").end() for _chunk in result]
    return await result if hasattr(result, "__await__") else result


@pytest.mark.parametrize(
    ("plan", "act", "way"),
    [
        (plan, act, "invoke"),
        (plan, act, "stream"),
        (plan, act, "ainvoke"),
        (aplan, aact, "ainvoke"),
        (aplan, aact, "astream"),
    ],
    ids=["invoke", "stream", "ainvoke of functions", "ainvoke", "astream"],
)
async def test_nodes_run_below_their_graph(plan: Any, act: Any, way: str, recorded: RecordedRecords) -> None:
    await run(graph_of(plan, act), way, {"number": 1})
    lines = outline(recorded.spans)
    assert [line for line in lines if line != "reading: None"] == EXPECTED
    (top,) = [span for span in recorded.spans if span.name == "doubling"]
    assert told(top)["input"] == {"number": 1}
    if "stream" not in way:
        assert told(top)["output"] == {"number": 10}


def test_a_graph_in_a_node_is_below_it(recorded: RecordedRecords) -> None:
    inner = graph_of(plan, act)
    outer = StateGraph(State)
    outer.add_node("inner", inner)
    outer.add_edge(START, "inner")
    outer.compile().invoke({"number": 3})
    assert outline(recorded.spans) == [
        "LangGraph: task",
        "  inner: task",
        "    doubling: task",
        *(f"    {line}" for line in ROUND),
    ]


def test_nodes_side_by_side_are_below_their_graph(recorded: RecordedRecords) -> None:
    graph = StateGraph(State)
    for name in ("a", "b", "c"):
        graph.add_node(name, lambda state: (start_span("inside").end(), {})[1])
        graph.add_edge(START, name)
    graph.compile().invoke({"number": 1})
    lines = outline(recorded.spans)
    assert lines[0] == "LangGraph: task"
    assert sorted(lines[1:]) == ["    inside: None"] * 3 + ["  a: task", "  b: task", "  c: task"]
    assert lines[2::2] == ["    inside: None"] * 3


def test_a_graph_that_waits_for_somebody_has_not_failed(recorded: RecordedRecords) -> None:
    def ask(state: State) -> State:
        return {"number": interrupt("how many?")}

    graph = StateGraph(State)
    graph.add_node("ask", ask)
    graph.add_edge(START, "ask")
    asking = graph.compile(checkpointer=MemorySaver())
    config: Any = {"configurable": {"thread_id": "t-1"}}
    asking.invoke({"number": 1}, config)
    assert {span.status.status_code for span in recorded.spans} == {StatusCode.UNSET}
    assert asking.invoke(Command(resume=7), config) == {"number": 7}
    assert outline(recorded.spans) == ["LangGraph: task", "  ask: task"] * 2
    first, second = (span for span in recorded.spans if span.name == "LangGraph")
    assert attribute(first, "metadata") == attribute(second, "metadata") == {"thread_id": "t-1"}


@pytest.mark.parametrize("way", ["invoke", "ainvoke", "stream", "astream"])
async def test_a_node_that_fails(way: str, recorded: RecordedRecords) -> None:
    def fail(state: State) -> State:
        raise KeyError("gold")

    before = otel_context.get_current()
    with pytest.raises(KeyError, match="gold"), start_span("outer"):
        await run(graph_of(fail, act), way, {"number": 1})
    assert otel_context.get_current() is before
    assert outline(recorded.spans) == ["outer: None", "  doubling: task", "    plan: task"]
    assert {span.status.status_code for span in recorded.spans} == {StatusCode.ERROR}


async def test_a_handler_alone_will_do(recorded: RecordedRecords) -> None:
    graph = graph_of(aplan, aact)
    await graph.ainvoke({"number": 3}, {"callbacks": [SpanscoreCallbackHandler()]})
    assert outline(recorded.spans) == EXPECTED[:7]
