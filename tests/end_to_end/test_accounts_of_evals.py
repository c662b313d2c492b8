"""Evals of two accounts at once, with a wrapped client: calls of models are in the account of their eval."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from openai import AsyncOpenAI, DefaultAsyncHttpxClient, DefaultHttpxClient, OpenAI

from fake_braintrust import FakeBraintrust
from fake_openai import FakeOpenAI
from spanscore import EvalAsync, flush, init_logger, login_to_state, wrap_openai
from two_accounts import NO_GIT, Accounts, parents, two_accounts

DATA: Any = [{"input": f"case {number}"} for number in range(6)]


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Accounts]:
    with two_accounts(monkeypatch) as both:
        yield both


@pytest.fixture
def provider() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as each:
        yield each


def calls(server: FakeBraintrust) -> int:
    """How many spans of a model's call a server got."""
    return sum('"llm"' in span["braintrust.span_attributes"] for span in server.spans())


def test_calls_and_late_streams_are_in_the_account_of_their_eval(
    accounts: Accounts, provider: FakeOpenAI
) -> None:
    given: dict[str, Any] = {"api_key": "none", "base_url": provider.url, "max_retries": 0}
    asked: Any = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    plain = wrap_openai(OpenAI(**given, http_client=DefaultHttpxClient(verify=False)))
    streams: list[Any] = []

    def in_thread(input: str) -> str | None:
        streams.append(plain.chat.completions.create(**asked, stream=True))
        return plain.chat.completions.create(**asked).choices[0].message.content

    async def both() -> list[Any]:
        async with AsyncOpenAI(**given, http_client=DefaultAsyncHttpxClient(verify=False)) as client:
            wrapped = wrap_openai(client)

            async def on_loop(input: str) -> str | None:
                answer = await wrapped.chat.completions.create(**asked)
                return answer.choices[0].message.content

            common: dict[str, Any] = {"quiet": True, "git_metadata_settings": NO_GIT}
            globex = login_to_state(**accounts.of_globex)
            evals = [
                asyncio.create_task(EvalAsync("p", DATA, on_loop, [], **common)),
                asyncio.create_task(EvalAsync("p", DATA, in_thread, [], state=globex, **common)),
            ]
            return [await each for each in evals]

    init_logger("web")
    ours, theirs = asyncio.run(both())
    assert (calls(accounts.acme), calls(accounts.globex)) == (6, 6)
    for stream in streams:
        list(stream)
    plain.close()
    assert flush()
    assert (calls(accounts.acme), calls(accounts.globex)) == (6, 12)
    assert parents(accounts.acme) == {f"experiment_id:{ours.experiment.id}"}
    assert parents(accounts.globex) == {f"experiment_id:{theirs.experiment.id}"}
