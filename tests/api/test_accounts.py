"""Several accounts in one process: each gets what belongs to it, and nothing else."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from fake_braintrust import FakeBraintrust
from http_sink import Answer
from spanscore import (
    Eval,
    EvalAsync,
    SpanscoreSpanProcessor,
    current_span,
    flush,
    init,
    init_dataset,
    init_logger,
    invoke,
    login,
    login_to_state,
    parent_context,
    permalink,
    setup,
    start_span,
    traced,
    update_span,
)
from spanscore.api._recording import (
    connection_at,
    connection_in_force,
    ensure_recording,
    outboxes_in_use,
    record_by,
    stop_recording,
)
from spanscore.errors import ConfigError, SpanscoreError, UnauthorizedError
from spanscore.store import SqliteStore
from spanscore.testing import recorded_spans
from spanscore.tracing import RECORDING
from spanscore.wire.parent import Parent
from two_accounts import KEYS, NO_GIT, Accounts, inputs, keys_used, parents, project_id, two_accounts

pytestmark = pytest.mark.core


def cases(name: str, count: int) -> list[dict[str, str]]:
    return [{"input": f"{name}{number}"} for number in range(count)]


def exact(input: Any, output: Any) -> float:
    return float(input == output)


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Accounts]:
    with two_accounts(monkeypatch) as both:
        yield both


def test_each_logger_fills_its_own_account(accounts: Accounts) -> None:
    ours = init_logger("bot")
    theirs = init_logger("bot", **accounts.of_globex, set_current=False)
    ours.log(input="ours")
    theirs.log(input="theirs")
    with theirs.start_span("answer", input="theirs above"), start_span("below", input="theirs below"):
        current_span().start_span("deeper", input="theirs deeper").end()
    with start_span("nobody's", input="ours too"):
        pass
    assert flush()
    assert inputs(accounts.acme) == ["ours", "ours too"]
    assert inputs(accounts.globex) == ["theirs", "theirs above", "theirs below", "theirs deeper"]
    assert parents(accounts.globex) == {theirs.parent}
    assert theirs.parent == f"project_id:{project_id(accounts.globex, 'bot')}"
    assert (keys_used(accounts.acme), keys_used(accounts.globex)) == ({KEYS[0]}, {KEYS[1]})


def test_two_evals_at_once_beside_a_logger_of_the_third_part(accounts: Accounts) -> None:
    """Each eval is wholly in its account: threads, tasks, scorers and streams that end late."""
    globex = login_to_state(**accounts.of_globex)
    init_logger("web")
    late: list[Any] = []

    @traced
    def inner(value: str) -> str:
        return value

    def in_thread(input: str) -> str:
        inner(f"{input} in a thread")
        late.append(current_span().start_span("stream", input=f"{input} late"))
        return input

    async def on_loop(input: str) -> str:
        await asyncio.sleep(0)
        return await asyncio.to_thread(inner, f"{input} on the loop")

    def judge(output: str) -> float:
        inner(f"judge {output}")
        return 1.0

    async def both() -> list[Any]:
        common: dict[str, Any] = {"quiet": True, "git_metadata_settings": NO_GIT}
        return [
            await each
            for each in [
                asyncio.ensure_future(EvalAsync("p", cases("a", 9), in_thread, [judge], **common)),
                asyncio.ensure_future(
                    EvalAsync("p", cases("b", 9), on_loop, [judge], state=globex, **common)
                ),
            ]
        ]

    first, second = asyncio.run(both())
    with start_span("request", input="web"):
        pass
    for span in late:
        span.end()
    assert flush()
    assert first.summary.experiment_url.startswith(f"{accounts.acme.url}/app/acme/")
    assert second.summary.experiment_url.startswith(f"{accounts.globex.url}/app/globex/")
    assert parents(accounts.acme) == {f"experiment_id:{first.summary.experiment_id}", "project_name:web"}
    assert parents(accounts.globex) == {f"experiment_id:{second.summary.experiment_id}"}
    assert (first.summary.cases, second.summary.cases) == (9, 9)
    # eval, task, inner, scorer and inner below it; in threads a late stream besides.
    assert (len(accounts.acme.spans()), len(accounts.globex.spans())) == (9 * 6 + 1, 9 * 5)
    assert (keys_used(accounts.acme), keys_used(accounts.globex)) == ({KEYS[0]}, {KEYS[1]})


def test_evals_of_threads_of_their_own(accounts: Accounts) -> None:
    globex = login_to_state(**accounts.of_globex)
    states = {"a": None, "b": globex}

    def run(name: str) -> None:
        running = EvalAsync(
            "p",
            cases(name, 5),
            lambda input: input,
            [],
            state=states[name],
            quiet=True,
            git_metadata_settings=NO_GIT,
        )
        asyncio.run(running)

    threads = [threading.Thread(target=run, args=(name,)) for name in states]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert flush()
    assert set(map(str, inputs(accounts.acme))) == {f"a{n}" for n in range(5)}
    assert set(map(str, inputs(accounts.globex))) == {f"b{n}" for n in range(5)}


def test_updates_and_feedback_follow_their_container(accounts: Accounts) -> None:
    init_logger("bot")
    theirs = init_logger("bot", **accounts.of_globex, set_current=False)
    experiment = init("p", "e", **accounts.of_globex, set_current=False, git_metadata_settings=NO_GIT)
    with theirs.start_span("answer") as span:
        reference = span.export()
    span.log(output="late")
    update_span(reference, metadata={"reviewed": True})
    theirs.log_feedback(span.id, comment="well said")
    row_id = experiment.log("q", "a", scores={"exact": 1})
    experiment.update_span(row_id, tags=["seen"])
    assert flush()
    assert accounts.acme.merged == []
    assert [sorted(row) for row in accounts.globex.merged if row["id"] == span.id] != []
    assert {row.get("experiment_id") or row.get("project_id") for row in accounts.globex.merged} == {
        experiment.id,
        project_id(accounts.globex, "bot"),
    }


def test_flush_waits_for_both_and_says_of_which_something_waits(accounts: Accounts) -> None:
    init_logger("bot").log(input=1)
    theirs = init_logger("bot", **accounts.of_globex, set_current=False)
    accounts.globex.before = lambda request: Answer(status=503) if "otel" in request.path else None
    theirs.log(input=2)
    flushed = flush(1)
    assert (flushed.delivered, flushed.waiting) == (1, 1)
    assert sorted(each.waiting for each in flushed.destinations.values()) == [0, 1]
    assert not theirs.flush(0.1)
    accounts.globex.before = lambda _request: None
    accounts.globex.requests.clear()
    assert flush()
    assert (inputs(accounts.acme), inputs(accounts.globex)) == ([1], [2])


def test_one_account_takes_no_other_way_than_without_others(accounts: Accounts) -> None:
    init_logger("bot")
    connection = ensure_recording()
    assert RECORDING.sink is connection.outbox
    init_logger("bot", api_key=KEYS[0], app_url=accounts.acme.url + "/")
    init_logger("bot", state=login_to_state())
    assert login(org_name=None).name == "acme"
    init_logger("bot", org_name="acme")
    assert RECORDING.sink is connection.outbox
    assert outboxes_in_use() == [connection.outbox]


def test_an_account_beside_is_opened_once(accounts: Accounts) -> None:
    first = init_logger("bot", **accounts.of_globex, set_current=False)
    assert connection_in_force() is connection_at(first.parent)
    setup()
    init_logger("bot", **accounts.of_globex, set_current=False)
    init_logger("bot", state=login_to_state(**accounts.of_globex), set_current=False)
    init_logger("other", **accounts.of_globex, org_name="globex", set_current=False)
    assert len(outboxes_in_use()) == 2


def test_a_container_has_one_account(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts.acme.keys |= {"sk-second"}
    init_logger(project_id="p-1")
    with pytest.raises(ConfigError, match="project_id:p-1 is recorded for another account already"):
        init_logger(project_id="p-1", api_key="sk-second")
    init_logger(project_id="p-2", api_key="sk-second")
    with pytest.raises(ConfigError, match="project_id:p-2 is recorded for another account already"):
        init_logger(project_id="p-2")


def test_a_missing_or_wrong_key_is_told_at_the_login(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    init_logger("bot")
    with pytest.raises(UnauthorizedError, match=r"Invalid API key.*BRAINTRUST_API_KEY.*\.env\.braintrust"):
        init_logger("bot", api_key="wrong-key", app_url=accounts.globex.url)
    with pytest.raises(UnauthorizedError, match="Invalid API key"):
        login_to_state(app_url=accounts.globex.url)
    monkeypatch.delenv("BRAINTRUST_API_KEY")
    with pytest.raises(UnauthorizedError, match=r"no Braintrust key.*BRAINTRUST_API_KEY.*\.env\.braintrust"):
        login_to_state()
    assert outboxes_in_use() == [ensure_recording().outbox]


def test_who_said_where_spans_go_is_not_overruled(accounts: Accounts, tmp_path: Path) -> None:
    setup(home=tmp_path, destinations=["local"])
    with pytest.raises(ConfigError, match='destinations are local alone; add "braintrust"'):
        init_logger("bot", **accounts.of_globex)
    assert RECORDING.sink is ensure_recording().outbox


def test_other_destinations_have_what_is_of_both(accounts: Accounts, tmp_path: Path) -> None:
    exporter = InMemorySpanExporter()
    setup(home=tmp_path, destinations=["braintrust", "local", exporter])
    init_logger("bot").log(input="ours")
    theirs = init_logger("bot", **accounts.of_globex, set_current=False)
    theirs.log(input="theirs")
    assert flush()
    assert (inputs(accounts.acme), inputs(accounts.globex)) == (["ours"], ["theirs"])
    assert len(exporter.get_finished_spans()) == 2
    store = SqliteStore(tmp_path / "spanscore.db")
    assert [row.input for row in store.rows(Parent.parse(theirs.parent))] == ["theirs"]


def test_without_a_key_the_rest_stays_here(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KEY", "URL"):
        monkeypatch.delenv(f"BRAINTRUST_API_{name}")
    globex = login_to_state(**accounts.of_globex)
    assert connection_in_force() is None
    init_logger("bot", state=globex, set_current=False).log(input="theirs")
    init_logger("bot").log(input="here")
    assert flush()
    assert (inputs(accounts.acme), inputs(accounts.globex)) == ([], ["theirs"])
    store = SqliteStore(ensure_recording().settings.home / "spanscore.db")
    assert [row.input for row in store.rows(Parent.parse("project_name:bot"))] == ["here"]


def test_a_new_setup_goes_on_with_the_accounts_beside(accounts: Accounts, tmp_path: Path) -> None:
    init_logger("bot")
    theirs = init_logger("bot", **accounts.of_globex, set_current=False)
    theirs.log(input=1)
    setup(home=tmp_path)
    theirs.log(input=2)
    with start_span("nobody's", input=3):
        pass
    assert theirs.flush()
    assert flush()
    assert (inputs(accounts.acme), inputs(accounts.globex)) == ([3], [1, 2])
    assert connection_at(theirs.parent).settings.home == tmp_path


@pytest.mark.parametrize("is_beside", [False, True])
def test_a_new_setup_in_the_middle_of_an_eval_costs_it_no_case(
    accounts: Accounts, *, is_beside: bool
) -> None:
    init_logger("bot")
    state = login_to_state(**accounts.of_globex) if is_beside else None

    def task(input: str) -> str:
        if input == "a1":
            setup()
        return input

    result = Eval(
        "p",
        cases("a", 4),
        task,
        [exact],
        max_concurrency=1,
        quiet=True,
        state=state,
        git_metadata_settings=NO_GIT,
    )
    assert (result.summary.cases, flush().waiting) == (4, 0)
    own, other = (accounts.globex, accounts.acme) if is_beside else (accounts.acme, accounts.globex)
    assert sorted(each for each in inputs(own) if isinstance(each, str)) == [
        f"a{number // 2}" for number in range(8)
    ]
    assert inputs(other) == []


def test_a_new_setup_before_the_experiment_is_there_costs_it_no_case_either(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An experiment that no account knows has its rows in the store or nowhere."""
    monkeypatch.delenv("BRAINTRUST_API_KEY")

    def data() -> list[dict[str, str]]:
        setup(api_key=KEYS[0])
        return cases("a", 3)

    result = Eval("p", data, lambda input: input, [exact], quiet=True, git_metadata_settings=NO_GIT)
    assert result.summary.cases == 3
    assert accounts.acme.spans() == []


def test_a_new_setup_for_this_machine_alone_sends_nothing_any_more(
    accounts: Accounts, tmp_path: Path
) -> None:
    init_logger("bot")
    theirs = init_logger("bot", **accounts.of_globex, set_current=False)
    setup(home=tmp_path, destinations=["local"])
    theirs.log(input=1)
    assert flush()
    assert (inputs(accounts.acme), inputs(accounts.globex)) == ([], [])


def test_a_forced_login_moves_on_and_leaves_the_rest_where_it_is(accounts: Accounts) -> None:
    ours = init("p", "e", git_metadata_settings=NO_GIT, set_current=False)
    init_logger("bot")
    with pytest.raises(ConfigError, match=r"another account already; login\(…, force_login=True\)"):
        login(**accounts.of_globex)
    with pytest.raises(UnauthorizedError):
        login(api_key="wrong", app_url=accounts.globex.url, force_login=True)
    with start_span("before", input="before"):
        pass
    assert login(**accounts.of_globex, force_login=True).name == "globex"
    with start_span("after", input="after"):
        pass
    ours.log("q", "a", scores={"exact": 1})
    assert flush()
    assert inputs(accounts.acme) == ["before", "q"]
    assert inputs(accounts.globex) == ["after"]
    assert (keys_used(accounts.acme), keys_used(accounts.globex)) == ({KEYS[0]}, {KEYS[1], "wrong"})


def test_a_forced_logger_moves_on_too(accounts: Accounts) -> None:
    init_logger("bot")
    assert init_logger("bot", **accounts.of_globex, force_login=True).org_id == "org-globex"
    with start_span("after", input="after"):
        pass
    assert flush()
    assert (inputs(accounts.acme), inputs(accounts.globex)) == ([], ["after"])


def test_the_users_provider_is_led_there_too(accounts: Accounts) -> None:
    provider = sdk_trace.TracerProvider()
    setup(tracer_provider=provider)
    theirs = init_logger("bot", **accounts.of_globex, set_current=False)
    tracer = provider.get_tracer("library")
    with theirs.start_span("answer", input=1), tracer.start_as_current_span("gen_ai call") as span:
        span.set_attribute("gen_ai.system", "x")
    assert flush()
    assert accounts.acme.spans() == []
    assert parents(accounts.globex) == {theirs.parent}
    assert len(accounts.globex.spans()) == 2


def test_a_provider_of_before_sends_nothing_of_theirs_with_our_key(
    accounts: Accounts, tmp_path: Path
) -> None:
    provider = sdk_trace.TracerProvider()
    setup(tracer_provider=provider, home=tmp_path / "first")
    setup(home=tmp_path / "second")
    theirs = init_logger("bot", **accounts.of_globex, set_current=False)
    with theirs.start_span("answer"):
        span = provider.get_tracer("library").start_span("call")
        span.set_attribute("gen_ai.system", "x")
        span.end()
    assert flush()
    assert accounts.acme.spans() == []
    assert len(accounts.globex.spans()) == 2


@pytest.mark.parametrize("is_beside", [False, True])
def test_a_processor_with_the_key_in_force_leaves_to_others_what_is_theirs(
    accounts: Accounts, *, is_beside: bool
) -> None:
    """The eval's rows are looked for in the store, too."""
    provider = sdk_trace.TracerProvider(shutdown_on_exit=False)
    trace.set_tracer_provider(provider)
    own = SpanscoreSpanProcessor(parent="project_name:bot", api_key=KEYS[0], api_url=accounts.acme.url)
    provider.add_span_processor(own)
    init_logger("bot").log(input="ours")
    state = login_to_state(**accounts.of_globex) if is_beside else None
    result = Eval("p", cases("a", 1), echo, [exact], state=state, quiet=True, git_metadata_settings=NO_GIT)
    provider.get_tracer("theirs").start_span("ours too").end()
    assert own.force_flush()
    assert flush()
    assert result.summary.cases == 1
    first, second = (["ours"], ["a0", "a0"]) if is_beside else (["a0", "a0", "ours"], [])
    assert (inputs_of_text(accounts.acme), inputs_of_text(accounts.globex)) == (first, second)
    assert sum("braintrust.input_json" not in span for span in accounts.acme.spans()) == 1


def echo(input: str) -> str:
    return input


def inputs_of_text(server: FakeBraintrust) -> list[str]:
    return [each for each in inputs(server) if isinstance(each, str)]


def test_parents_of_the_other_account(accounts: Accounts) -> None:
    globex = login_to_state(**accounts.of_globex)
    init_logger("bot")
    with start_span("a", parent="project_name:bot", state=globex, input=1):
        start_span("b", input=2).end()
    with parent_context("project_name:bot", state=globex):
        start_span("c", input=3).end()
    with init_logger("bot", state=globex, set_current=False).start_span("d", input=4) as span:
        reference = span.export()
    start_span("e", parent=reference, state=globex, input=5).end()
    start_span("f", parent="project_name:bot", input=6).end()
    assert flush()
    assert (inputs(accounts.acme), inputs(accounts.globex)) == ([6], [1, 2, 3, 4, 5])
    assert len(accounts.globex.asked("/v1/project")) == 1
    assert span.link().startswith(f"{accounts.globex.url}/app/globex/object")
    assert permalink(reference) == span.link()
    start_span("g", parent=reference, input=7).end()
    assert flush()
    assert inputs(accounts.globex) == [1, 2, 3, 4, 5, 7]


def test_an_eval_below_a_span_of_the_other_account(accounts: Accounts) -> None:
    globex = login_to_state(**accounts.of_globex)
    asyncio.run(
        EvalAsync(
            "p", cases("x", 1), lambda input: input, [], parent="project_name:bot", state=globex, quiet=True
        )
    )
    assert flush()
    assert accounts.acme.spans() == []
    assert parents(accounts.globex) == {f"project_id:{project_id(accounts.globex, 'bot')}"}


def test_experiments_are_made_and_read_in_their_account(accounts: Accounts) -> None:
    globex = login_to_state(**accounts.of_globex)
    init_logger("bot")
    made = init("p", "e", state=globex, git_metadata_settings=NO_GIT, set_current=False)
    made.log("q", "a", scores={"exact": 1})
    assert made.flush()
    assert made.summarize().cases == 1
    assert made.link() == f"{accounts.globex.url}/app/globex/p/p/experiments/e"
    assert init("p", "e", state=globex, open=True).id == made.id
    assert (accounts.acme.experiments, len(accounts.globex.experiments)) == ([], 1)
    assert accounts.acme.spans() == []


def test_where_the_account_does_not_answer_an_experiment_may_be_local(
    accounts: Accounts, caplog: pytest.LogCaptureFixture
) -> None:
    init_logger("bot")
    accounts.globex.keys.clear()
    with pytest.raises(UnauthorizedError):
        init("p", "e", **accounts.of_globex, git_metadata_settings=NO_GIT)
    kept = init("p", "e", **accounts.of_globex, git_metadata_settings=NO_GIT, on_unreachable="local")
    kept.log("q", "a", scores={"exact": 1})
    assert kept.summarize().cases == 1
    assert flush()
    assert (accounts.acme.spans(), accounts.globex.spans()) == ([], [])
    assert "embedded store alone" in caplog.text


def test_a_dataset_of_the_other_account_is_asked_of_it(accounts: Accounts) -> None:
    globex = login_to_state(**accounts.of_globex)
    init_logger("bot")
    for options in ({"state": globex}, accounts.of_globex):
        before = len(accounts.globex.requests)
        with pytest.raises(Exception, match="dataset"):
            _ = init_dataset("p", "faq", **options).id  # pyright: ignore[reportArgumentType]
        assert len(accounts.globex.requests) > before
    assert {"/v1/dataset"} & {request.path.partition("?")[0] for request in accounts.acme.requests} == set()


def test_what_is_asked_of_an_app_of_its_own_is_asked_where_its_data_is(accounts: Accounts) -> None:
    for ask in (
        lambda: invoke(project_name="p", slug="polite", **accounts.of_globex),
        lambda: init_dataset("p", "faq", **accounts.of_globex).id,
    ):
        before = len(accounts.globex.requests)
        with suppress(SpanscoreError):
            ask()
        assert len(accounts.globex.requests) > before
    assert accounts.acme.requests == []
    assert len(accounts.globex.asked("/api/apikey/login")) == 2


def test_recorded_spans_of_a_test_stay_in_memory(accounts: Accounts) -> None:
    init_logger("bot")
    with recorded_spans() as spans:
        init_logger("bot", **accounts.of_globex).log(input=1)
    assert len(spans.spans) == 1
    assert accounts.globex.spans() == []


def test_a_server_that_is_silent_does_not_hold_up_the_other(accounts: Accounts) -> None:
    init_logger("bot")
    theirs = init_logger("bot", **accounts.of_globex, set_current=False)
    accounts.globex.before = lambda _request: Answer(hang=True)
    theirs.log(input=1)
    init_logger("bot").log(input=2)
    assert flush(0.5).waiting == 1
    assert inputs(accounts.acme) == [2]


def test_a_login_that_takes_its_time_holds_up_nobody_else(accounts: Accounts) -> None:
    """Whether the account is that in force is asked of the server."""
    state, asked, go_on = login_to_state(), threading.Event(), threading.Event()

    def before(_request: Any) -> None:
        asked.set()
        go_on.wait(60)

    accounts.acme.before = before
    slow = threading.Thread(target=lambda: ensure_recording(login=state.account))
    other = threading.Thread(target=lambda: init_logger("bot"))
    slow.start()
    try:
        assert asked.wait(60)
        other.start()
        other.join(30)
        assert not other.is_alive()
    finally:
        go_on.set()
        for each in (slow, other):
            each.join(60)


def test_two_organisations_of_one_key(accounts: Accounts) -> None:
    accounts.acme.organisations.append({"id": "org-second", "name": "second", "api_url": accounts.acme.url})
    first = init_logger("bot")
    second = init_logger("bot", org_name="second", set_current=False)
    assert (first.org_id, second.org_id) == ("org-acme", "org-second")
    for number in range(5):
        first.log(input=f"first {number}")
        second.log(input=f"second {number}")
    assert flush()
    assert inputs(accounts.acme) == [f"{name} {n}" for name in ("first", "second") for n in range(5)]
    assert parents(accounts.acme) == {first.parent, second.parent}
    assert outboxes_in_use() != [ensure_recording().outbox]


def test_what_belongs_to_an_ended_recording_is_forgotten(accounts: Accounts) -> None:
    init_logger("bot")
    init_logger("bot", **accounts.of_globex, set_current=False).log(input=1)
    before = RECORDING.sink
    record_by(ensure_recording())
    assert RECORDING.sink is before
    stop_recording()
    assert (inputs(accounts.globex), outboxes_in_use()) == ([1], [])
    connection = ensure_recording()
    assert RECORDING.sink is connection.outbox
    RECORDING.switch_off()
    record_by(connection)
    assert RECORDING.sink is connection.outbox


PROGRAM = """
import os, signal, sys
import spanscore

spanscore.init_logger("bot")
theirs = spanscore.init_logger("bot", api_key=sys.argv[1], app_url=sys.argv[2], set_current=False)
for number in range(20):
    with spanscore.start_span("work", input=f"ours {number}"):
        pass
    theirs.log(input=f"theirs {number}")
if sys.argv[3] == "kill":
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[3] == "fork" and os.fork() == 0:
    theirs.log(input="theirs of the child")
    spanscore.start_span("work", input="ours of the child").end()
    spanscore.flush()
    os._exit(0)
if sys.argv[3] == "fork":
    os.wait()
"""


QUIET = ("-W", "ignore:This process:DeprecationWarning")
"""Python from 3.12 on warns of a fork beside threads."""


def run_program(accounts: Accounts, ending: str) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, *QUIET, "-c", PROGRAM, KEYS[1], accounts.globex.url, ending]
    return subprocess.run(arguments, check=False, timeout=60, capture_output=True, text=True)


def drain(accounts: Accounts, server: str) -> None:
    key, url = {"acme": (KEYS[0], accounts.acme.url), "globex": (KEYS[1], accounts.globex.url)}[server]
    variables = {"BRAINTRUST_API_KEY": key, "BRAINTRUST_API_URL": url, "BRAINTRUST_APP_URL": url}
    command = [sys.executable, "-m", "spanscore", "spool", "drain"]
    subprocess.run(command, check=False, timeout=60, capture_output=True, env={**os.environ, **variables})


EXPECTED = ([f"ours {n}" for n in range(20)], [f"theirs {n}" for n in range(20)])


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL on this platform")
def test_what_a_killed_process_leaves_is_sent_by_each_key_to_its_own_account(accounts: Accounts) -> None:
    refuse = {"otel": True}
    for server in (accounts.acme, accounts.globex):
        server.before = lambda request: (
            Answer(status=503) if refuse["otel"] and "otel" in request.path else None
        )
    assert run_program(accounts, "kill").returncode == -signal.SIGKILL
    refuse["otel"] = False
    for server in (accounts.acme, accounts.globex):
        server.requests.clear()
    drain(accounts, "acme")
    # A request of the killed process may have been read only now.
    arrived = inputs(accounts.acme)
    assert (sorted(set(map(str, arrived))), inputs(accounts.globex)) == (sorted(EXPECTED[0]), [])
    drain(accounts, "globex")
    assert sorted(set(map(str, inputs(accounts.globex)))) == sorted(EXPECTED[1])
    assert inputs(accounts.acme) == arrived
    assert (keys_used(accounts.acme), keys_used(accounts.globex)) == ({KEYS[0]}, {KEYS[1]})


def test_the_end_of_a_process_delivers_to_both(accounts: Accounts) -> None:
    ended = run_program(accounts, "exit")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (inputs(accounts.acme), inputs(accounts.globex)) == (sorted(EXPECTED[0]), sorted(EXPECTED[1]))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this platform")
def test_a_forked_child_goes_on_with_both(accounts: Accounts) -> None:
    ended = run_program(accounts, "fork")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert inputs(accounts.acme) == sorted([*EXPECTED[0], "ours of the child"])
    assert inputs(accounts.globex) == sorted([*EXPECTED[1], "theirs of the child"])
