"""Judges of autoevals in an eval: their calls are spans below the score, with the purpose "scorer"."""

import gc
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan

from fake_openai import FakeOpenAI, completion, whole
from span_reading import attribute
from spanscore import wrap_openai
from spanscore.api.instrument import instrument, uninstrument
from spanscore.evals import EvalOptions, SilentDisplay, run_eval
from spanscore.store import SqliteStore
from spanscore.testing import recorded_spans

autoevals: Any = pytest.importorskip("autoevals")
openai: Any = pytest.importorskip("openai")

CASE: Any = {"input": "Which country has the most people?", "expected": "India"}
OPTIONS: Any = {"api_key": "none", "max_retries": 0, "timeout": 20}
SELECT = {"name": "select_choice", "arguments": json.dumps({"reasons": "Both say India.", "choice": "C"})}
CALL: Any = {"id": "call_1", "type": "function", "function": SELECT}
MESSAGE = {"role": "assistant", "content": None, "tool_calls": [CALL]}
CHOICE = {"index": 0, "message": MESSAGE, "logprobs": None, "finish_reason": "tool_calls"}
CHOSEN = {**completion(None), "choices": [CHOICE]}
"""What a model answers as a judge of facts: "C", the same details, which counts 1."""

EMBEDDED: Any = {
    "object": "list",
    "model": "text-embedding-ada-002",
    "data": [{"object": "embedding", "index": 0, "embedding": [0.6, 0.8]}],
    "usage": {"prompt_tokens": 1, "total_tokens": 1},
}
RESULT: Any = {"flagged": False, "categories": {}, "category_scores": {}, "category_applied_input_types": {}}
MODERATED: Any = {"id": "modr-1", "model": "omni-moderation-latest", "results": [RESULT]}
RESPONDED: Any = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "status": "completed",
    "model": "gpt-5-mini",
    "output": [{"type": "function_call", "id": "fc_1", "call_id": "call_1", "status": "completed", **SELECT}],
    "usage": {"input_tokens": 5, "output_tokens": 7, "total_tokens": 12},
}


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


@pytest.fixture
def client(server: FakeOpenAI) -> Iterator[Any]:
    with openai.OpenAI(base_url=server.url, **OPTIONS) as client:
        yield wrap_openai(client)


@pytest.fixture
async def async_client(server: FakeOpenAI) -> AsyncIterator[Any]:
    async with openai.AsyncOpenAI(base_url=server.url, **OPTIONS) as client:
        yield wrap_openai(client)


JUDGES: dict[str, tuple[dict[str, Any], Any, str]] = {
    "Factuality": ({"model": "gpt-4o"}, CHOSEN, "Chat Completion"),
    "Factuality by a response": ({"model": "gpt-5-mini"}, RESPONDED, "openai.responses.create"),
    "EmbeddingSimilarity": ({}, EMBEDDED, "Embedding"),
    "Moderation": ({}, MODERATED, "Moderation"),
}
"""Of each judge: its arguments, what it is answered, and the call's span."""

each_judge = pytest.mark.parametrize("judge", JUDGES)


@each_judge
async def test_judge_with_a_wrapped_client(
    judge: str, server: FakeOpenAI, async_client: Any, tmp_path: Path
) -> None:
    arguments, answer, call = JUDGES[judge]
    server.reply(whole(answer))
    name = judge.split()[0]
    scorer = getattr(autoevals, name)(client=async_client, **arguments)
    score, spans = await spans_of(scorer, tmp_path)
    assert score == 1
    assert tree(spans) == expected_tree(name, call)
    assert "span_info" not in server.received[0].body


@each_judge
async def test_judge_in_a_thread(judge: str, server: FakeOpenAI, client: Any, tmp_path: Path) -> None:
    """A scorer that is a plain function runs in a thread of ours, and with it the judge it calls."""
    arguments, answer, call = JUDGES[judge]
    server.reply(whole(answer))
    made = getattr(autoevals, judge.split()[0])(client=client, **arguments)

    def ask(input: str, output: str, expected: str) -> Any:
        return made(output, expected, input=input)

    score, spans = await spans_of(ask, tmp_path)
    assert score == 1
    scorer = next(span.name for span in spans if attribute(span, "span_attributes")["type"] == "score")
    assert tree(spans) == expected_tree(scorer, call)
    assert "span_info" not in server.received[0].body


async def test_judge_with_the_client_that_autoevals_was_given(
    server: FakeOpenAI, async_client: Any, tmp_path: Path
) -> None:
    server.reply(whole(CHOSEN))
    autoevals.init(client=async_client, default_model="gpt-4o")
    try:
        score, spans = await spans_of(autoevals.Factuality, tmp_path)
    finally:
        autoevals.init(client=None)
    assert score == 1
    assert tree(spans) == expected_tree("Factuality", "Chat Completion")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # which it does not close
async def test_judge_with_a_client_that_autoevals_makes(
    server: FakeOpenAI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    server.reply(whole(CHOSEN))
    instrument("openai")
    try:
        score, spans = await spans_of(autoevals.Factuality(model="gpt-4o"), tmp_path)
    finally:
        uninstrument("openai")
    gc.collect()
    assert score == 1
    assert tree(spans) == expected_tree("Factuality", "Chat Completion")


async def test_span_info_of_a_judge_stays_here(server: FakeOpenAI, async_client: Any, tmp_path: Path) -> None:
    """autoevals adds it to the requests of clients that say they are wrapped; the span takes it."""
    server.reply(whole(CHOSEN))
    judging = autoevals.oai.LLMClient(openai=async_client, is_async=True)
    judging._is_wrapped = True
    score, spans = await spans_of(autoevals.Factuality(client=judging, model="gpt-4o"), tmp_path)
    assert score == 1
    assert tree(spans) == expected_tree("Factuality", "Chat Completion")
    assert "span_info" not in server.received[0].body


async def spans_of(scorer: Any, folder: Path) -> tuple[float | None, list[ReadableSpan]]:
    """The score of an eval of one case with this scorer alone, and the eval's spans."""
    options = EvalOptions(project="tests", data=[CASE], task=lambda _: "India", scores=[scorer])
    store = SqliteStore(folder / "spanscore.db")
    with recorded_spans() as recorded:
        result = await run_eval(options, backend=store, commit=lambda: None, display=SilentDisplay())
    (only,) = result.results
    assert dict(only.scorer_errors) == {}
    (score,) = only.scores.values()
    return score, recorded.spans


def tree(spans: list[ReadableSpan]) -> set[Any]:
    """Of each span its name, the name of the span above, its type and its purpose."""
    names = {span.context.span_id: span.name for span in spans if span.context}
    return {
        (
            span.name,
            names[span.parent.span_id] if span.parent else None,
            attribute(span, "span_attributes")["type"],
            attribute(span, "span_attributes").get("purpose"),
        )
        for span in spans
    }


def expected_tree(scorer: str, call: str) -> set[Any]:
    return {
        ("eval", None, "eval", None),
        ("task", "eval", "task", None),
        (scorer, "eval", "score", "scorer"),
        (call, scorer, "llm", "scorer"),
    }
