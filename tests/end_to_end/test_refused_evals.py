"""Evals whose provider refuses: fewer cases run at once, and the client's own retries answer them all."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
from openai import AsyncOpenAI, DefaultAsyncHttpxClient, DefaultHttpxClient, OpenAI

from fake_openai import FakeOpenAI, failure
from openai_forms import ASKED
from spanscore import Eval, EvalAsync, wrap_openai
from spanscore.evals import ExperimentResult
from spanscore.evals._pressure import START

CASES = [{"input": number} for number in range(24)]
FEWER = 8
"""A fifth less than at the start; so few cases do not bring it back."""


class Gauge:
    """How many cases ran at once when each began."""

    def __init__(self) -> None:
        self.at_once: list[int] = []
        self._running = 0
        self._lock = threading.Lock()

    @contextmanager
    def case(self) -> Generator[None, None, None]:
        with self._lock:
            self._running += 1
            self.at_once.append(self._running)
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1


def of_a_client(server: FakeOpenAI, gauge: Gauge) -> ExperimentResult:
    given: dict[str, Any] = {"api_key": "none", "base_url": server.url, "max_retries": START}
    with OpenAI(**given, http_client=DefaultHttpxClient(verify=False)) as client:
        wrapped = wrap_openai(client)

        def task(_input: int) -> str | None:
            with gauge.case():
                return wrapped.chat.completions.create(**ASKED).choices[0].message.content

        return Eval("refused", CASES, task, [], quiet=True)


def of_an_asynchronous_client(server: FakeOpenAI, gauge: Gauge) -> ExperimentResult:
    async def run() -> ExperimentResult:
        given: dict[str, Any] = {"api_key": "none", "base_url": server.url, "max_retries": START}
        async with AsyncOpenAI(**given, http_client=DefaultAsyncHttpxClient(verify=False)) as client:
            wrapped = wrap_openai(client)

            async def task(_input: int) -> str | None:
                with gauge.case():
                    return (await wrapped.chat.completions.create(**ASKED)).choices[0].message.content

            return await EvalAsync("refused", CASES, task, [], quiet=True)

    return asyncio.run(run())


@pytest.mark.parametrize("run", [of_a_client, of_an_asynchronous_client])
def test_fewer_cases_run_after_refusals(run: Any) -> None:
    gauge = Gauge()
    with FakeOpenAI(*[failure(429)] * START) as server:
        result = run(server, gauge)
    assert (result.finished, result.error_count) == (len(CASES), 0)
    assert len(server.received) == len(CASES) + START
    assert max(gauge.at_once[START:]) <= FEWER
