"""Judges of autoevals, which ask a model: a server on loopback that answers like OpenAI's."""

import asyncio
import json
from typing import Any

import pytest

from fake_openai import FakeOpenAI, Reply, completion, whole
from span_reading import attribute
from span_tree import outline
from spanscore import wrap_openai
from spanscore.evals import CaseTrace

autoevals: Any = pytest.importorskip("autoevals")
openai: Any = pytest.importorskip("openai")

CASES = [{"input": "What is the capital of Italy?", "expected": "Rome"}]


def chosen(choice: str) -> Reply:
    """The answer of a model that was asked to choose."""
    answer = completion(None)
    arguments = json.dumps({"reasons": "because", "choice": choice})
    call = {"id": "c1", "type": "function", "function": {"name": "select_choice", "arguments": arguments}}
    answer["choices"][0]["message"]["tool_calls"] = [call]
    return whole(answer)


async def test_the_calls_of_a_judge_are_below_it_and_not_the_tasks(ran: Any) -> None:
    with FakeOpenAI(whole(completion("Rome")), chosen("C")) as server:
        async with wrap_openai(openai.AsyncOpenAI(base_url=server.url, api_key="none")) as client:

            async def ask(input: str) -> str:
                asked = [{"role": "user", "content": input}]
                answer = await client.chat.completions.create(model="gpt-4o-mini", messages=asked)
                return answer.choices[0].message.content

            seen: dict[str, Any] = {}

            async def look(trace: CaseTrace) -> None:
                while not await trace.get_spans(["score"], include_scorers=True):
                    await asyncio.sleep(0)
                seen["task"] = [span.name for span in trace.spans()]
                seen["metrics"] = trace.metrics()
                seen["thread"] = trace.thread()

            judge = autoevals.Factuality(client=client, model="gpt-4o-mini")
            result, spans = await ran(CASES, ask, [judge, look])
    assert [dict(one.scorer_errors) for one in result.results] == [{}]
    assert [dict(one.scores) for one in result.results] == [{"Factuality": 1.0, "look": None}]
    assert outline(spans) == [
        "eval: eval",
        "  task: task",
        "    Chat Completion: llm",
        "  Factuality: score",
        "    Chat Completion: llm",
        "  look: score",
    ]
    purposes = {span.name: attribute(span, "span_attributes").get("purpose") for span in spans[2:]}
    assert purposes["Chat Completion"] == purposes["Factuality"] == "scorer"
    assert seen == {
        "task": ["task", "Chat Completion"],
        "metrics": {"tokens": 12, "prompt_tokens": 5, "completion_tokens": 7},
        "thread": [
            {"role": "user", "content": "What is the capital of Italy?"},
            {"role": "assistant", "content": "Rome"},
        ],
    }


async def test_a_judge_may_read_the_conversation(ran: Any) -> None:
    with FakeOpenAI(whole(completion("Rome")), chosen("N")) as server:
        async with wrap_openai(openai.AsyncOpenAI(base_url=server.url, api_key="none")) as client:

            async def ask(input: str) -> str:
                asked = [{"role": "user", "content": input}]
                answer = await client.chat.completions.create(model="gpt-4o-mini", messages=asked)
                return answer.choices[0].message.content

            polite = autoevals.LLMClassifier(
                name="polite",
                prompt_template="Is this polite?\n{{thread}}",
                choice_scores={"Y": 1, "N": 0},
                client=client,
                model="gpt-4o-mini",
            )
            result, _ = await ran(CASES, ask, [polite])
    assert [dict(one.scores) for one in result.results] == [{"polite": 0.0}]
    prompt = server.received[1].body["messages"][0]["content"]
    assert "User:\n  What is the capital of Italy?\n\nAssistant:\n  Rome" in prompt


async def test_guide_fields_that_a_case_does_not_have_by_partial(ran: Any) -> None:
    with FakeOpenAI(chosen("Y")) as server:
        async with wrap_openai(openai.AsyncOpenAI(base_url=server.url, api_key="none")) as client:
            autoevals.init(client)
            try:
                brief = autoevals.ClosedQA.partial(criteria="Is the answer brief?")
                result, _ = await ran(CASES, lambda input: "Rome", [brief])
            finally:
                autoevals.init()
    assert [dict(one.scores) for one in result.results] == [{"ClosedQA": 1.0}]
    assert "Is the answer brief?" in str(server.received[0].body)
