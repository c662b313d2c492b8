"""What LangChain runs becomes a tree of spans, in the order in which it runs."""

import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.documents import Document
from langchain_core.language_models.fake import FakeListLLM, FakeStreamingListLLM
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda, RunnableParallel
from langchain_core.tools import tool
from opentelemetry import context as otel_context
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from span_reading import attribute, told
from span_tree import outline
from spanscore import start_span
from spanscore.integrations.langchain import SpanscoreCallbackHandler
from spanscore.integrations.langchain._runs import OPEN
from spanscore.testing import RecordedRecords, recorded_spans

pytestmark = pytest.mark.usefixtures("_patched")


@pytest.fixture(autouse=True)
def _nothing_is_left_open() -> Iterator[None]:
    before = otel_context.get_current()
    yield
    assert len(OPEN) == 0
    assert otel_context.get_current() is before


def only(recorded: RecordedRecords, name: str) -> ReadableSpan:
    (span,) = [span for span in recorded.spans if span.name == name]
    return span


def chat(*answers: AIMessage) -> GenericFakeChatModel:
    return GenericFakeChatModel(messages=iter(answers))


PROMPT = ChatPromptTemplate.from_messages([("system", "be"), ("human", "{question}")])
CHAIN = [
    "RunnableSequence: task",
    "  ChatPromptTemplate: task",
    "  GenericFakeChatModel: llm",
    "  shout: task",
]


def shout(message: AIMessage) -> str:
    return str(message.content).upper()  # pyright: ignore[reportUnknownMemberType]


def test_a_chain_is_a_task_above_its_steps(recorded: RecordedRecords) -> None:
    usage: Any = {"input_tokens": 5, "output_tokens": 2, "total_tokens": 7}
    chain = PROMPT | chat(AIMessage("ho", usage_metadata=usage)) | shout
    assert chain.invoke({"question": "hi"}) == "HO"
    assert outline(recorded.spans) == CHAIN
    tokens = {"prompt_tokens": 5, "completion_tokens": 2, "tokens": 7}
    assert told(only(recorded, "RunnableSequence")) == {
        "input": {"question": "hi"},
        "output": "HO",
        "metadata": None,
        "metrics": tokens,
    }
    assert told(only(recorded, "GenericFakeChatModel")) == {
        "input": [{"role": "system", "content": "be"}, {"role": "user", "content": "hi"}],
        "output": [
            {"index": 0, "finish_reason": None, "message": {"role": "assistant", "content": "ho"}},
        ],
        "metadata": {"provider": "genericfakechatmodel"},
        "metrics": tokens,
    }


async def test_awaited_it_is_the_same(recorded: RecordedRecords) -> None:
    chain = PROMPT | chat(AIMessage("ho")) | shout
    before = otel_context.get_current()
    assert await chain.ainvoke({"question": "hi"}) == "HO"
    assert otel_context.get_current() is before
    assert outline(recorded.spans) == CHAIN


def test_a_stream_is_told_whole_with_the_time_to_its_first_token(recorded: RecordedRecords) -> None:
    chain = PROMPT | chat(AIMessage("ho ho"))
    for _chunk in chain.stream({"question": "hi"}):
        start_span("reading").end()
    assert outline(recorded.spans)[:3] == CHAIN[:3]
    # What the reader does between two pieces is no part of the chain.
    assert outline(recorded.spans)[3:] == ["reading: None"] * 3
    model = told(only(recorded, "GenericFakeChatModel"))
    assert model["output"][0]["message"]["content"] == "ho ho"
    assert model["metrics"] == {"time_to_first_token": True}
    chain_told = told(only(recorded, "RunnableSequence"))
    assert chain_told["input"] == {"question": "hi"}
    assert chain_told["output"]["content"] == "ho ho"


async def test_an_awaited_stream_too(recorded: RecordedRecords) -> None:
    chain = PROMPT | chat(AIMessage("ho ho"))
    async for _chunk in chain.astream({"question": "hi"}):
        start_span("reading").end()
    assert outline(recorded.spans) == [*CHAIN[:3], *["reading: None"] * 3]


def test_a_stream_that_is_left_is_no_error(recorded: RecordedRecords) -> None:
    stream = (PROMPT | chat(AIMessage("ho ho ho"))).stream({"question": "hi"})
    next(stream)
    stream.close()  # pyright: ignore[reportAttributeAccessIssue]
    assert outline(recorded.spans) == CHAIN[:3]
    assert {span.status.status_code for span in recorded.spans} == {StatusCode.UNSET}


def test_a_batch_is_a_tree_for_each_in_threads(recorded: RecordedRecords) -> None:
    threads = set[int]()

    def note(text: str) -> str:
        threads.add(threading.get_ident())
        with start_span("inner"):
            return text

    with start_span("outer"):
        assert RunnableLambda(note).batch(["a", "b", "c"]) == ["a", "b", "c"]
    assert len(threads) > 0
    assert outline(recorded.spans) == ["outer: None", *["  note: task", "    inner: None"] * 3]


def test_branches_run_side_by_side_below_one(recorded: RecordedRecords) -> None:
    both = RunnableParallel(
        a=RunnableLambda(lambda text: f"{text}a"), b=RunnableLambda(lambda text: f"{text}b")
    )
    assert both.invoke("x") == {"a": "xa", "b": "xb"}
    lines = outline(recorded.spans)
    assert lines[0] == "RunnableParallel<a,b>: task"
    assert lines[1:] == ["  RunnableLambda: task"] * 2
    assert sorted(told(span)["output"] for span in recorded.spans if span.name == "RunnableLambda") == [
        "xa",
        "xb",
    ]


def test_what_is_raised_is_recorded_at_every_level_and_goes_on(recorded: RecordedRecords) -> None:
    def fail(_text: str) -> str:
        raise KeyError("gold")

    with pytest.raises(KeyError, match="gold"):
        (RunnableLambda(lambda text: text) | fail).invoke("x")
    failed = [span for span in recorded.spans if span.status.status_code is StatusCode.ERROR]
    assert [span.name for span in failed] == ["fail", "RunnableSequence"]
    assert failed[0].status.description == "KeyError: 'gold'"
    assert [event.name for event in failed[0].events] == ["exception"]


def test_a_model_that_fails(recorded: RecordedRecords) -> None:
    with pytest.raises(StopIteration):
        chat().invoke("hi")
    (span,) = recorded.spans
    assert span.status.status_code is StatusCode.ERROR
    assert told(span)["input"] == [{"role": "user", "content": "hi"}]


@pytest.mark.parametrize("kind", [FakeListLLM, FakeStreamingListLLM])
def test_a_model_that_completes_text(kind: Any, recorded: RecordedRecords) -> None:
    model = kind(responses=["upon a time"])
    assert model.invoke("Once") == "upon a time"
    assert "".join(model.stream("Once")) == "upon a time"
    whole, streamed = recorded.spans
    assert told(whole)["input"] == [{"role": "user", "content": "Once"}]
    assert told(whole)["output"] == told(streamed)["output"]
    assert told(whole)["output"][0]["message"] == {"role": "assistant", "content": "upon a time"}


@tool
def add(a: int, b: int) -> int:
    """Adds."""
    with start_span("carry"):
        return a + b


@tool
async def aadd(a: int, b: int) -> int:
    """Adds."""
    with start_span("carry"):
        return a + b


def test_a_tool_is_a_tool_span_with_arguments_and_result(recorded: RecordedRecords) -> None:
    assert add.invoke({"a": 2, "b": 3}) == 5
    assert outline(recorded.spans) == ["add: tool", "  carry: None"]
    assert told(only(recorded, "add")) == {
        "input": {"a": 2, "b": 3},
        "output": 5,
        "metadata": None,
        "metrics": None,
    }


async def test_a_tool_that_is_awaited(recorded: RecordedRecords) -> None:
    before = otel_context.get_current()
    assert await aadd.ainvoke({"a": 2, "b": 3}) == 5
    assert await add.ainvoke({"a": 2, "b": 3}) == 5
    assert otel_context.get_current() is before
    assert outline(recorded.spans) == ["aadd: tool", "  carry: None", "add: tool", "  carry: None"]


def test_the_answer_to_a_models_call_is_told_without_the_message_around_it(recorded: RecordedRecords) -> None:
    call = {"type": "tool_call", "id": "c1", "name": "add", "args": {"a": 2, "b": 3}}
    assert isinstance(add.invoke(call), ToolMessage)
    assert told(only(recorded, "add"))["output"] == "5"


def test_a_tool_that_fails(recorded: RecordedRecords) -> None:
    @tool
    def fail(text: str) -> str:
        """Fails."""
        raise ValueError(text)

    with pytest.raises(ValueError, match="no"):
        fail.invoke({"text": "no"})
    (span,) = recorded.spans
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "ValueError: no")
    assert told(span)["input"] == {"text": "no"}


class Library(BaseRetriever):
    """Has one book."""

    def _get_relevant_documents(self, query: str, *, run_manager: Any) -> list[Document]:
        if not query:
            raise ValueError("no query")
        return [Document(page_content=f"about {query}", metadata={"page": 3})]


def test_a_retriever_is_a_function_with_documents(recorded: RecordedRecords) -> None:
    Library().invoke("spans")
    (span,) = recorded.spans
    assert attribute(span, "span_attributes")["type"] == "function"
    assert told(span)["input"] == "spans"
    assert told(span)["output"] == [{"page_content": "about spans", "metadata": {"page": 3}}]


def test_a_retriever_that_fails(recorded: RecordedRecords) -> None:
    with pytest.raises(ValueError, match="no query"):
        Library().invoke("")
    assert recorded.spans[0].status.status_code is StatusCode.ERROR


def test_tags_and_metadata_are_told_once_at_the_top(recorded: RecordedRecords) -> None:
    config: Any = {"tags": ["t"], "metadata": {"user": "u-17"}, "run_name": "echo twice"}
    (RunnableLambda(lambda text: text) | (lambda text: text)).invoke("x", config)
    *steps, top = recorded.spans
    assert top.name == "echo twice"
    assert attribute(top, "metadata") == {"user": "u-17"}
    assert (top.attributes or {})["braintrust.tags"] == ("t",)
    assert [attribute(step, "metadata") for step in steps] == [None, None]
    assert ["braintrust.tags" in (step.attributes or {}) for step in steps] == [False, False]


def test_all_that_is_said_is_told_where_it_is_wanted() -> None:
    with recorded_spans(capture="all") as recorded:
        FakeListLLM(responses=["ho"]).invoke("hi", config={"metadata": {"user": "u-17"}})
        RunnableLambda(lambda text: text).invoke("x", config={"metadata": {"langgraph_step": 1}})
    assert attribute(recorded.spans[0], "metadata")["responses"] == ["ho"]
    assert attribute(recorded.spans[1], "metadata") == {"langgraph_step": 1}


def test_it_nests_below_the_program_and_the_program_below_it(recorded: RecordedRecords) -> None:
    def step(text: str) -> str:
        start_span("inside").end()
        with start_span("between"):
            return str(chat(AIMessage("ho")).invoke(text))

    with start_span("request"):
        RunnableLambda(step).invoke("x")
    assert outline(recorded.spans) == [
        "request: None",
        "  step: task",
        "    inside: None",
        "    between: None",
        "      GenericFakeChatModel: llm",
    ]


def test_a_handler_that_is_passed_too_makes_no_second_span(recorded: RecordedRecords) -> None:
    handler = SpanscoreCallbackHandler()
    model = chat(AIMessage("a"), AIMessage("b")).with_config(callbacks=[handler])
    (PROMPT | model).invoke({"question": "hi"}, config={"callbacks": [SpanscoreCallbackHandler()]})
    (PROMPT | model).invoke({"question": "hi"})
    assert outline(recorded.spans) == CHAIN[:3] * 2


def test_others_handlers_are_called_as_ever(recorded: RecordedRecords) -> None:
    seen = list[str]()

    class Seeing(BaseCallbackHandler):
        def on_llm_end(self, response: Any, **kwargs: Any) -> None:
            seen.append(response.generations[0][0].text)

    chat(AIMessage("ho")).invoke("hi", config={"callbacks": [Seeing()]})
    assert seen == ["ho"]


def test_runs_that_never_end_are_given_up_in_the_end(
    recorded: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OPEN, "_most", 2)
    handler = SpanscoreCallbackHandler()
    runs = [uuid4() for _ in range(4)]
    for number, run_id in enumerate(runs):
        handler.on_chain_start({"name": f"{number}"}, "x", run_id=run_id)
    assert [span.name for span in recorded.spans] == ["0", "1"]
    for run_id in runs:
        handler.on_chain_end("y", run_id=run_id)
    assert [told(span)["output"] for span in recorded.spans] == [None, None, "y", "y"]


def test_nothing_is_recorded_while_recording_is_off() -> None:
    assert (PROMPT | chat(AIMessage("ho")) | shout).invoke({"question": "hi"}) == "HO"


@pytest.mark.parametrize("told_of", ["chain", "llm", "tool", "retriever"])
def test_the_end_of_a_run_that_was_not_seen_to_begin_is_ignored(told_of: str) -> None:
    handler: Any = SpanscoreCallbackHandler()
    getattr(handler, f"on_{told_of}_end")([], run_id=uuid4())
    getattr(handler, f"on_{told_of}_error")(ValueError(), run_id=uuid4())
    handler.on_llm_new_token("x", run_id=uuid4())
