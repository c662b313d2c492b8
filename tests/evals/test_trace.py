from typing import Any

import pytest
from opentelemetry import trace as trace_api
from opentelemetry.sdk import trace as sdk_trace

from spanscore import Eval, start_span, traced
from spanscore.api._recording import connection_in_force
from spanscore.errors import ConfigError
from spanscore.evals._trace import CaseTrace, case_metrics
from spanscore.store.ingest import ingest
from spanscore.testing import recorded_spans
from spanscore.tracing import COLLECTOR
from trace_rows import PARENT, TRACE, row

pytestmark = pytest.mark.core

ROWS = [
    row("eval", "eval", number=0, above=None),
    row(
        "chat",
        "llm",
        number=3,
        above=1,
        input="hi",
        output="hello",
        metrics={"tokens": 5, "prompt_tokens": 3},
    ),
    row("task", "task", number=1),
    row("search", "tool", number=2, above=1, error="no"),
    row("judge", "llm", number=5, above=4, purpose="scorer", input="good?", metrics={"tokens": 100}),
    row("quality", "score", number=4, purpose="scorer"),
]
STORED = CaseTrace.of_rows(ROWS)


def names(spans: list[Any]) -> list[str]:
    return [span.name for span in spans]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["task", "search", "chat"]),
        ({"type": "llm"}, ["chat"]),
        ({"type": ["llm", "tool"]}, ["search", "chat"]),
        ({"name": "task"}, ["task"]),
        ({"name": ["task", "chat"], "type": "task"}, ["task"]),
        ({"type": "nothing"}, []),
        ({"include_scorers": True}, ["task", "search", "chat", "quality", "judge"]),
        ({"type": "llm", "include_scorers": True}, ["chat", "judge"]),
    ],
)
def test_spans_in_the_order_in_which_they_began(asked: dict[str, Any], found: list[str]) -> None:
    assert names(STORED.spans(**asked)) == found


async def test_the_official_names() -> None:
    assert names(await STORED.get_spans()) == ["task", "search", "chat"]
    assert names(await STORED.get_spans(["llm"])) == ["chat"]
    assert names(await STORED.get_spans(filters={"has_error": True})) == ["search"]
    assert names(await STORED.get_spans(["llm"], include_scorers=True)) == ["chat", "judge"]
    assert await STORED.get_thread() == await STORED.get_thread({"preprocessor": "any"}) == STORED.thread()
    assert STORED.get_configuration() == {
        "object_type": "experiment",
        "object_id": PARENT.partition(":")[2],
        "root_span_id": TRACE,
    }
    with pytest.raises(ConfigError, match="there is no filter 'model'"):
        await STORED.get_spans(filters={"model": "m"})  # pyright: ignore[reportArgumentType]


def test_the_conversation_is_the_tasks() -> None:
    assert STORED.thread() == [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]


def test_metrics_are_those_of_the_tasks_calls() -> None:
    assert STORED.metrics() == {"tokens": 5, "prompt_tokens": 3}
    more = row(
        "more", "llm", number=6, metrics={"tokens": 2, "estimated_cost": 0.5, "completion_tokens": "?"}
    )
    assert case_metrics([*ROWS, more]) == {"tokens": 7, "prompt_tokens": 3, "estimated_cost": 0.5}
    assert case_metrics([]) == {}


def test_it_tells_what_it_has() -> None:
    assert repr(STORED) == "CaseTrace(task, search, chat)"
    assert repr(CaseTrace.of_rows(ROWS[:1])) == "CaseTrace(no spans)"


@traced(type="tool")
def search(query: str) -> list[str]:
    return [query]


def test_of_a_case_that_runs() -> None:
    with recorded_spans(), start_span("task") as task, COLLECTOR.collecting(task.root_span_id) as collected:
        trace = CaseTrace.live(collected, row_of=ingest, experiment_id="e", trace_id=task.root_span_id)
        assert trace.spans() == []
        search("a")
        first = trace.spans()
        search("b")
        found = trace.spans(type="tool")
        assert [(span.input, span.output, span.error) for span in found] == [
            ({"query": "a"}, ["a"], None),
            ({"query": "b"}, ["b"], None),
        ]
        assert found[0] is first[0]
        assert trace.get_configuration()["root_span_id"] == task.root_span_id


def answer(input: str) -> str:
    search(input)
    with start_span("chat", type="llm", input=[{"role": "user", "content": input}]) as chat:
        with trace_api.get_tracer("theirs").start_as_current_span("embed") as theirs:
            theirs.set_attribute("gen_ai.operation.name", "embeddings")
            theirs.set_attribute("gen_ai.usage.input_tokens", 2)
        chat.log(output="yes", metrics={"tokens": 3, "prompt_tokens": 1})
    return "yes"


def told(trace: CaseTrace) -> dict[str, Any]:
    """All that a trace says."""
    return {
        "spans": [(span.name, span.type, span.input, span.output, span.metrics) for span in trace.spans()],
        "thread": trace.thread(),
        "metrics": trace.metrics(),
        "where": trace.get_configuration(),
    }


@pytest.mark.parametrize("is_programs_own", [False, True], ids=["our provider", "the program's provider"])
def test_the_same_while_it_runs_and_from_the_store(is_programs_own: bool) -> None:
    if is_programs_own:
        trace_api.set_tracer_provider(sdk_trace.TracerProvider(shutdown_on_exit=False))
    live: list[dict[str, Any]] = []

    def look(trace: CaseTrace) -> bool:
        live.append(told(trace))
        with start_span("judge", type="llm", input="good?", metrics={"tokens": 100}):
            return True

    result = Eval("traces", [{"input": "a"}], answer, [look], quiet=True)
    (found,) = live
    assert [name for name, *_ in found["spans"]] == ["task", "search", "chat", "embed"]
    assert found["thread"] == [{"role": "user", "content": "a"}, {"role": "assistant", "content": "yes"}]
    assert found["metrics"] == {"tokens": 3, "prompt_tokens": 3}
    connection = connection_in_force()
    assert connection is not None
    rows = connection.backend.trace(result.results[0].trace_id)
    assert told(CaseTrace.of_rows(rows)) == found
