"""LangChain's callbacks: what they tell becomes spans."""

import weakref
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler

from spanscore import tracing
from spanscore.integrations._endpoint import Description
from spanscore.integrations._model_run import ModelRun
from spanscore.integrations._run import Run
from spanscore.integrations.langchain._contexts import carry
from spanscore.integrations.langchain._description import (
    Told,
    document,
    is_control_flow,
    reported_error,
    tool_attributes,
    tool_output,
)
from spanscore.integrations.langchain._model import answered, asked_of_chat, asked_of_text
from spanscore.integrations.langchain._runs import OPEN, Hidden, run_below

_beginning = tracing.quietly("recording the beginning of a LangChain run")
_ending = tracing.quietly("recording the end of a LangChain run")

_HIDDEN = "langsmith:hidden"


class SpanscoreCallbackHandler(BaseCallbackHandler):
    """Records what LangChain and LangGraph run: chains and nodes, models, tools and retrievers.

    Give it to a call, as in `graph.invoke(…, config={"callbacks": [SpanscoreCallbackHandler()]})`, or record
    all calls with `instrument("langchain")`. With both, each run is still one span. It never raises.

    >>> from langchain_core.runnables import RunnableLambda
    >>> from spanscore import SpanscoreCallbackHandler
    >>> shout = RunnableLambda(lambda text: text.upper())
    >>> shout.invoke("hi", config={"callbacks": [SpanscoreCallbackHandler()]})
    'HI'
    """

    run_inline = True
    """In the context of the call: the provider's client must find there what was announced."""

    @property
    def ignore_retry(self) -> bool:
        """True: what is tried again is a run of its own."""
        return True

    @property
    def ignore_custom_event(self) -> bool:
        """True."""
        return True

    def __init__(self) -> None:
        released = weakref.finalize(self, carry())
        released.atexit = False
        # Called by hand, or when nobody has the handler any more.
        self.release: Callable[[], object] = released

    def on_chain_start(
        self, serialized: Any, inputs: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **told: Any
    ) -> None:
        """A chain, a graph or one of its nodes begins: a `task` span."""
        with _beginning:
            if _HIDDEN in (told.get("tags") or ()):
                OPEN.put(run_id, Hidden(run_below(parent_run_id)))
            else:
                _begin(Told(serialized, told, parent_run_id), run_id, "task", inputs)

    def on_chain_end(self, outputs: Any, *, run_id: UUID, **told: Any) -> None:
        """The chain has ended. What went into a stream is known only now."""
        _end(run_id, lambda: Description(input=told.get("inputs"), output=outputs))

    def on_chain_error(self, error: BaseException, *, run_id: UUID, **told: Any) -> None:
        """The chain has raised."""
        _end(run_id, lambda: Description(input=told.get("inputs")), error)

    def on_chat_model_start(
        self,
        serialized: Any,
        messages: Sequence[Sequence[Any]],
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        **told: Any,
    ) -> None:
        """A chat model is called: an `llm` span, unless its provider's client records the call."""
        with _beginning:
            given = next(iter(messages), ())
            asked = asked_of_chat(given, told.get("invocation_params"), told.get("metadata"))
            _announce(Told(serialized, told, parent_run_id), run_id, asked)

    def on_llm_start(
        self,
        serialized: Any,
        prompts: list[str],
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        **told: Any,
    ) -> None:
        """A model that completes text is called: the same."""
        with _beginning:
            given = next(iter(prompts), "")
            asked = asked_of_text(given, told.get("invocation_params"), told.get("metadata"))
            _announce(Told(serialized, told, parent_run_id), run_id, asked)

    def on_llm_new_token(self, token: Any, *, run_id: UUID, **told: Any) -> None:
        """A piece of a streamed answer has come."""
        _take_token(run_id)

    def on_stream_event(self, event: Any, *, run_id: UUID, **told: Any) -> None:
        """A piece of an answer that is streamed as events has come."""
        _take_token(run_id)

    def on_llm_end(self, response: Any, *, run_id: UUID, **told: Any) -> None:
        """The model has answered."""
        _end(run_id, lambda: answered(response))

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **told: Any) -> None:
        """The call has failed; what a stream had given by then is told."""
        _end(run_id, lambda: answered(told.get("response")), error)

    def on_tool_start(
        self, serialized: Any, input_str: str, *, run_id: UUID, parent_run_id: UUID | None = None, **told: Any
    ) -> None:
        """A tool is called: a `tool` span."""
        with _beginning:
            inputs = told.get("inputs")
            beginning = Told(serialized, told, parent_run_id)
            run = _begin(beginning, run_id, "tool", input_str if inputs is None else inputs)
            if run is not None:
                run.describe(Description(attributes=tool_attributes(beginning.name)))

    def on_tool_end(self, output: Any, *, run_id: UUID, **told: Any) -> None:
        """The tool has answered; one that reports an error has not raised it."""
        _end(run_id, lambda: Description(output=tool_output(output)), reported_error(output))

    def on_tool_error(self, error: BaseException, *, run_id: UUID, **told: Any) -> None:
        """The tool has raised."""
        _end(run_id, Description, error)

    def on_retriever_start(
        self, serialized: Any, query: str, *, run_id: UUID, parent_run_id: UUID | None = None, **told: Any
    ) -> None:
        """Documents are looked for: a `function` span."""
        with _beginning:
            _begin(Told(serialized, told, parent_run_id), run_id, "function", query)

    def on_retriever_end(self, documents: Sequence[Any], *, run_id: UUID, **told: Any) -> None:
        """Documents were found."""
        _end(run_id, lambda: Description(output=[document(found) for found in documents]))

    def on_retriever_error(self, error: BaseException, *, run_id: UUID, **told: Any) -> None:
        """The search has failed."""
        _end(run_id, Description, error)


def _is_new(run_id: UUID) -> bool:
    """Whether the run is to be recorded: another handler may have told of it."""
    return tracing.is_recording() and run_id not in OPEN


def _begin(told: Told, run_id: UUID, span_type: str, given: Any) -> Run | None:
    if not _is_new(run_id):
        return None
    above = run_below(told.parent_run_id)
    run = Run(told.name or span_type, span_type=span_type, above=above, sums_up=above is None)
    OPEN.put(run_id, run)
    run.describe(told.described(given, is_root=above is None))
    return run


def _announce(told: Told, run_id: UUID, asked: Description) -> None:
    if _is_new(run_id):
        run = ModelRun(told.name or "model", above=run_below(told.parent_run_id), asked=asked)
        OPEN.put(run_id, run)
        run.announce()


def _take_token(run_id: UUID) -> None:
    run = OPEN.get(run_id)
    if isinstance(run, ModelRun):
        run.token()


def _end(run_id: UUID, describe: Callable[[], Description], error: BaseException | str | None = None) -> None:
    with _ending:
        run = OPEN.pop(run_id)
        failure = None if is_control_flow(error) else error
        if isinstance(run, ModelRun):
            run.end(describe(), failure)
        elif isinstance(run, Run):
            run.describe(describe())
            if failure is not None:
                run.fail(failure)
            run.end()
