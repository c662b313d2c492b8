"""Evals whose requests are answered from disk the second time."""

from collections.abc import Iterator
from typing import Any

import pytest
from openai import DefaultHttpxClient, OpenAI

from experiment_rows import rows_of
from fake_openai import FakeOpenAI, completion, failure, whole
from openai_forms import ASKED
from spanscore import Eval, wrap_openai
from spanscore.errors import ConfigError
from spanscore.integrations._transports import stop_looking


@pytest.fixture(autouse=True)
def transports_as_they_were() -> Iterator[None]:
    yield
    stop_looking()


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


def run(server: FakeOpenAI, **options: Any) -> Any:
    given: dict[str, Any] = {"api_key": "none", "base_url": server.url, "max_retries": 0}
    with OpenAI(**given, http_client=DefaultHttpxClient(verify=False)) as client:
        wrapped = wrap_openai(client)

        def task(question: str) -> str | None:
            return wrapped.chat.completions.create(**ASKED).choices[0].message.content

        settings: dict[str, Any] = {"max_concurrency": 1, "quiet": True, **options}
        return Eval("cached", [{"input": "a"}], task, [], trial_count=2, **settings)


def test_each_trial_has_its_own_answer_and_a_second_run_asks_nobody(server: FakeOpenAI) -> None:
    server.reply(whole(completion("one")), whole(completion("two")))
    first = run(server, cache=True)
    second = run(server, cache=True)
    assert [each.output for each in first.results] == ["one", "two"]
    assert [each.output for each in second.results] == ["one", "two"]
    cached = [row.metadata.get("cached") for row in rows_of(second.experiment.id) if row.type == "llm"]
    assert (len(server.received), cached) == (2, [True, True])


def test_an_answer_that_failed_is_asked_for_again(server: FakeOpenAI) -> None:
    server.reply(failure(500), whole(completion("two")))
    first = run(server, cache=True)
    server.reply(whole(completion("one")))
    second = run(server, cache=True)
    assert [each.output for each in first.results] == [None, "two"]
    assert [each.output for each in second.results] == ["one", "two"]


def test_without_it_every_run_asks(server: FakeOpenAI) -> None:
    for word in ("one", "two", "three", "four"):
        server.reply(whole(completion(word)))
    run(server)
    assert [each.output for each in run(server).results] == ["three", "four"]


def test_workers_elsewhere_have_no_such_folder(server: FakeOpenAI) -> None:
    with pytest.raises(ConfigError, match="cache cannot go with executor='ray'"):
        run(server, cache=True, executor="ray")
