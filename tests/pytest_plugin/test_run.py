"""Runs of pytest with tests that are cases."""

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import spanscore
from pytest_runs import PLUGINS, Runs
from two_accounts import KEYS, inputs, parents, two_accounts

pytestmark = pytest.mark.core

TESTS = """
import pytest
from spanscore import current_span, traced
from spanscore.pytest_plugin import score

@traced(type="tool")
def look_up(city):
    return city.upper()

@pytest.mark.spanscore(tags=["smoke"], metadata={"source": "faq"})
@pytest.mark.parametrize("city", ["Rome", "Oslo"])
def test_city(city, eval_case):
    eval_case.output = look_up(city)
    eval_case.expected = "ROME"
    score("length", len(city) / 10, {"letters": len(city)})
    assert eval_case.output == eval_case.expected

@pytest.mark.spanscore(input="i", expected="e")
async def test_async(eval_case):
    assert current_span() == eval_case.span
    eval_case.score("fine", True)
    eval_case.metadata["seen"] = eval_case.scores

@pytest.mark.spanscore
def test_error():
    raise KeyError("x")

@pytest.mark.spanscore
def test_fail():
    pytest.fail("because")

@pytest.mark.spanscore
def test_skipped():
    look_up("nowhere")
    pytest.skip("no")

@pytest.mark.spanscore
@pytest.mark.skip
def test_never():
    pass

@pytest.mark.xfail
@pytest.mark.spanscore
def test_xfail():
    assert False

@pytest.fixture
def broken_setup():
    raise ValueError("setup")

@pytest.fixture
def broken_teardown():
    yield
    raise ValueError("teardown")

@pytest.mark.spanscore
def test_setup(broken_setup):
    pass

@pytest.mark.spanscore
def test_teardown(broken_teardown):
    pass

@pytest.mark.spanscore
class TestClass:
    def test_method(self):
        pass

def test_by_fixture(eval_case):
    eval_case.input = "mine"

def test_unmarked():
    assert look_up("a") == "A"
"""

OUTCOMES = "3 failed, 6 passed, 2 skipped, 1 xfailed, 2 errors"

PASSED = {
    "test_city[Rome]": ({"length": 0.4, "pass": 1}, False),
    "test_city[Oslo]": ({"length": 0.4, "pass": 0}, False),
    "test_async": ({"fine": 1, "pass": 1}, False),
    "test_error": ({"pass": 0}, True),
    "test_fail": ({"pass": 0}, False),
    "test_xfail": ({"pass": 0}, False),
    "test_setup": ({"pass": 0}, True),
    "test_teardown": ({"pass": 0}, True),
    "test_method": ({"pass": 1}, False),
    "test_by_fixture": ({"pass": 1}, False),
}


def test_every_test_that_is_one_is_a_case(run_tests: Runs) -> None:
    ran = run_tests(TESTS)
    assert ran.outcomes == OUTCOMES, ran.printed
    cases = ran.cases()
    assert {name: (case.scores, case.error is not None) for name, case in cases.items()} == PASSED
    rome = cases["test_city[Rome]"]
    assert (rome.input, rome.output, rome.expected, rome.tags) == (
        {"city": "Rome"},
        "ROME",
        "ROME",
        ["smoke"],
    )
    assert rome.metadata == {
        "source": "faq",
        "scores": {"length": {"letters": 4}},
        "test": "test_it.py::test_city[Rome]",
        "case_key": 'test_it.py::test_city {"city":"Rome"}',
        "trial_index": 0,
        "attempt": 1,
    }
    assert (cases["test_async"].input, cases["test_async"].expected) == ("i", "e")
    assert cases["test_async"].metadata["seen"] == {"fine": 1}
    assert cases["test_fail"].metadata["failure"] == "because"
    assert cases["test_error"].error.startswith("KeyError: 'x'")
    assert (cases["test_by_fixture"].input, cases["test_error"].input) == ("mine", "test_it.py::test_error")
    assert "= spanscore =" in ran.printed
    assert "cities/experiment-1: 10 cases, 3 errored" in ran.printed


def test_what_a_test_calls_is_below_it(run_tests: Runs) -> None:
    ran = run_tests(TESTS, "-k", "Rome")
    (experiment,) = ran.experiments
    assert (experiment.project, experiment.name) == ("cities", "experiment-1")
    names = {row.span_id: row.name for row in ran.rows(experiment)}
    assert {(row.name, row.type, names.get(row.parent_span_id or "")) for row in ran.rows(experiment)} == {
        ("test_city[Rome]", "eval", None),
        ("task", "task", "test_city[Rome]"),
        ("look_up", "tool", "task"),
    }


ODD_TESTS = """
    import threading, unittest, pytest
    from spanscore import start_span
    from spanscore.pytest_plugin import score

    @pytest.mark.spanscore
    class TestUnits(unittest.TestCase):
        def test_subtests(self):
            score("before", 1)
            for number in range(3):
                with self.subTest(number=number):
                    self.assertNotEqual(number, 1)

        def test_unit(self):
            score("unit", 1)

    @pytest.mark.spanscore
    class TestAsync(unittest.IsolatedAsyncioTestCase):
        async def test_apart(self):
            score("apart", 1)
            start_span("inner").end()

    @pytest.mark.spanscore
    def test_thread():
        thread = threading.Thread(target=lambda: score("thread", 1))
        thread.start()
        thread.join()

    @pytest.mark.spanscore(metadata={"a": 1})
    def test_emptied(eval_case):
        eval_case.metadata = None

    @pytest.mark.spanscore
    def test_wrong(eval_case):
        eval_case.metadata = 5
"""


def test_units_threads_and_what_is_no_metadata(run_tests: Runs) -> None:
    ran = run_tests(ODD_TESTS)
    cases = ran.cases()
    assert {name: case.scores for name, case in cases.items()} == {
        "test_subtests": {"before": 1, "pass": 0},
        "test_unit": {"unit": 1, "pass": 1},
        "test_apart": {"apart": 1, "pass": 1},
        "test_thread": {"thread": 1, "pass": 1},
        "test_emptied": {"pass": 1},
        "test_wrong": {"pass": 0},
    }, ran.printed
    assert "1 == 1" in cases["test_subtests"].metadata["failure"]
    assert "ConfigError: the metadata of the test is 5; give a dict" in cases["test_wrong"].error
    (experiment,) = ran.experiments
    rows = {row.span_id: row for row in ran.rows(experiment)}
    (inner,) = [row for row in rows.values() if row.name == "inner"]
    assert inner.root_span_id == cases["test_apart"].root_span_id


XDIST = (*PLUGINS, "xdist.plugin")
CRASHING = """
import os, pytest

@pytest.mark.spanscore(expected="fine")
@pytest.mark.parametrize("number", range(3))
def test_it(number):
    if number == 1:
        os._exit(9)

def test_that_is_no_case():
    os._exit(9)
"""


def test_a_test_that_crashes_its_worker_is_an_errored_case(run_tests: Runs) -> None:
    pytest.importorskip("xdist")
    ran = run_tests(CRASHING, "-n", "1", plugins=XDIST)
    assert ran.outcomes == "2 failed, 2 passed"
    cases = ran.cases()
    assert {name: case.scores for name, case in cases.items()} == {
        "test_it[0]": {"pass": 1.0},
        "test_it[1]": {"pass": 0.0},
        "test_it[2]": {"pass": 1.0},
    }
    crashed = cases["test_it[1]"]
    message = "worker 'gw0' crashed while running 'test_it.py::test_it[1]'"
    assert message in str(crashed.error)
    assert (crashed.input, crashed.expected) == ({"number": 1}, "fine")
    assert crashed.metadata["case_key"] == 'test_it.py::test_it {"number":1}'
    assert "experiment-1: 3 cases, 1 errored" in ran.printed
    assert ran.partial == [None]


def test_a_run_that_crashed_workers_ended_is_partial(run_tests: Runs) -> None:
    pytest.importorskip("xdist")
    ran = run_tests(CRASHING, "-n", "1", "--max-worker-restart", "0", plugins=XDIST)
    (why,) = ran.partial
    assert (why or "").startswith("its run was stopped after 2 of 4 tests")
    assert list(ran.cases()) == ["test_it[0]", "test_it[1]"]


def test_workers_share_one_experiment(run_tests: Runs) -> None:
    pytest.importorskip("xdist")
    ran = run_tests(TESTS, "-n", "2", plugins=("spanscore.pytest_plugin", "pytest_asyncio.plugin", "xdist"))
    assert ran.outcomes == OUTCOMES, ran.printed
    assert {name: (case.scores, case.error is not None) for name, case in ran.cases().items()} == PASSED
    assert ran.printed.count("cities/experiment-1: 10 cases, 3 errored") == 1


def test_the_next_run_is_compared_with_the_last(run_tests: Runs) -> None:
    run_tests(TESTS)
    ran = run_tests(TESTS.replace('"ROME"', "city.upper()"), "-k", "city")
    assert [experiment.name for experiment in ran.experiments] == ["experiment-1", "experiment-2"]
    assert "compared with experiment-1" in ran.printed
    assert "pass" in ran.printed


def test_names_of_projects_and_experiments(run_tests: Runs) -> None:
    text = """
        import pytest

        @pytest.mark.spanscore(project="marked", experiment="mine")
        def test_marked(): pass

        @pytest.mark.spanscore
        def test_other(): pass
    """
    ran = run_tests(text, "--spanscore-project", "asked", "--spanscore-experiment", "nightly")
    assert [(each.project, each.name) for each in ran.experiments] == [
        ("marked", "mine"),
        ("asked", "nightly"),
    ]
    again = run_tests(text, "-k", "other", "-o", "spanscore_project=set")
    assert again.experiments[-1].project == "set"


def test_tests_that_record_elsewhere_do_not_disturb(run_tests: Runs) -> None:
    text = """
        import pytest
        from spanscore import setup, start_span
        from spanscore.testing import recorded_spans

        @pytest.mark.spanscore
        def test_first(): pass

        def test_in_a_list():
            with recorded_spans() as recorded:
                start_span("a").end()
            assert len(recorded.spans) == 1

        @pytest.mark.spanscore
        def test_second(): pass

        def test_in_another_store(tmp_path):
            setup(home=tmp_path)

        @pytest.mark.spanscore
        def test_third(): pass
    """
    ran = run_tests(text)
    assert ran.outcomes == "5 passed", ran.printed
    assert list(ran.cases()) == ["test_first", "test_second", "test_third"]
    assert "cities/experiment-1: 3 cases" in ran.printed


def test_off(run_tests: Runs) -> None:
    ran = run_tests(TESTS, "--spanscore-off")
    assert (ran.outcomes, ran.experiments, "= spanscore =" in ran.printed) == (OUTCOMES, [], False)


def test_no_summary(run_tests: Runs) -> None:
    ran = run_tests(TESTS, "--spanscore-no-summary", "-k", "Rome")
    assert (ran.outcomes, len(ran.cases()), "experiment-1" in ran.printed) == (
        "1 passed, 12 deselected",
        1,
        False,
    )


def test_tests_run_where_nothing_can_be_recorded(run_tests: Runs) -> None:
    ran = run_tests(TESTS, "--spanscore-baseline", "unknown", "-k", "city")
    assert ran.outcomes == "1 failed, 1 passed, 11 deselected"
    assert "spanscore: the tests were not recorded: NotFoundError: " in ran.printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("projct='a'", "the marker spanscore has no projct; give some of expected=, experiment=, input="),
        ("'bot'", "the marker spanscore has no 'bot'; give some of expected=, experiment=, input="),
        ("metadata='faq'", "the marker spanscore has metadata='faq'; give a dict"),
        ("tags='smoke'", "the marker spanscore has tags='smoke'; give a list of texts"),
    ],
)
def test_a_marker_that_is_wrong(run_tests: Runs, arguments: str, message: str) -> None:
    ran = run_tests(
        f"""
        import pytest

        @pytest.mark.spanscore({arguments})
        def test_it(): pass
        """
    )
    assert ran.outcomes == "1 error"
    assert message in ran.printed


def test_repeated_tests_are_trials(run_tests: Runs) -> None:
    ran = run_tests(
        """
        import pytest

        @pytest.mark.spanscore
        @pytest.mark.parametrize("__pytest_repeat_step_number", range(3))
        def test_it(__pytest_repeat_step_number): pass
        """
    )
    (experiment,) = ran.experiments
    cases = [row.metadata for row in ran.rows(experiment) if row.is_root]
    assert [(case["case_key"], case["trial_index"]) for case in cases] == [
        ("test_it.py::test_it", n) for n in range(3)
    ]


def test_pytest_finds_it_by_itself() -> None:
    assert [each.value for each in entry_points(group="pytest11", name="spanscore")] == [
        "spanscore.pytest_plugin"
    ]


def test_pytest_does_not_mind_that_the_package_is_imported_before_it() -> None:
    # It would warn of it otherwise wherever the package is installed as a wheel; a warning may be an error.
    assert "PYTEST_DONT_REWRITE" in (spanscore.__doc__ or "")


def test_it_costs_nothing_where_no_test_asks_for_it(run_tests: Runs) -> None:
    ran = run_tests(
        """
        import sys

        def test_it():
            loaded = sorted(name for name in sys.modules if name.startswith(("spanscore", "opentelemetry")))
            own = "spanscore.pytest_plugin"
            assert loaded == ["spanscore", own, own + "._extent"]
        """,
        plugins=("spanscore.pytest_plugin",),
    )
    assert ran.outcomes == "1 passed", ran.printed
    assert not ran.home.exists()


def test_importing_it_loads_pytest_and_nothing_of_ours() -> None:
    program = (
        "import sys, pytest; before = set(sys.modules); import spanscore.pytest_plugin\n"
        "print(sorted(set(sys.modules) - before - set(sys.stdlib_module_names)))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    own = "spanscore.pytest_plugin"
    assert printed.strip() == str(["spanscore", own, f"{own}._extent"])


OF_TWO_ACCOUNTS = """
import pytest
from spanscore import init_logger

LOGGERS = []

@pytest.mark.spanscore
def test_one_that_logs_elsewhere():
    LOGGERS.append(init_logger("audit", api_key={key!r}, app_url={url!r}, set_current=False))
    LOGGERS[0].log(input="first")

@pytest.mark.spanscore
def test_another():
    LOGGERS[0].log(input="second")
"""


def test_what_tests_record_for_another_account_goes_there(
    run_tests: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with two_accounts(monkeypatch) as accounts:
        ran = run_tests(OF_TWO_ACCOUNTS.format(key=KEYS[1], url=accounts.globex.url))
        assert ran.outcomes == "2 passed"
        assert inputs(accounts.globex) == ["first", "second"]
        (experiment,) = ran.experiments
        assert parents(accounts.acme) == {f"experiment_id:{experiment.id}"}


ONE = """
import os, pytest, signal

@pytest.mark.spanscore
def test_one():
    pass

@pytest.mark.spanscore
def test_two():
    if {killed}:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on this platform")
def test_a_run_that_is_killed_is_partial_and_no_baseline(run_tests: Runs) -> None:
    run_tests(ONE.format(killed=False))
    run_tests(ONE.format(killed=True))
    ran = run_tests(ONE.format(killed=False), "--spanscore-no-summary")
    assert ran.partial == [None, "its run has not ended", None]
    with ran._store() as store:
        *_, last = ran.experiments
        assert store.summarize_experiment(last.id, baseline=None).baseline == ran.experiments[0].name


def test_workers_end_their_run_together(run_tests: Runs) -> None:
    pytest.importorskip("xdist")
    plugins = (*PLUGINS, "xdist.plugin")
    assert run_tests(ONE.format(killed=False), "-n", "2", plugins=plugins).partial == [None]


def stopped(number: int, what: str) -> str:
    return f"""
        import pytest

        @pytest.mark.spanscore
        @pytest.mark.parametrize("number", range(4))
        def test_it(number):
            if number == {number}:
                {what}
    """


STOPS = {
    "Ctrl-C": ("raise KeyboardInterrupt", (), "1 of 4 tests: KeyboardInterrupt"),
    "-x": ("assert False", ("-x",), "2 of 4 tests: stopping after 1 failures"),
    "pytest.exit": ("pytest.exit('enough', returncode=0)", (), "1 of 4 tests: enough"),
}


@pytest.mark.parametrize("name", STOPS)
def test_a_run_that_is_stopped_is_partial_and_no_baseline(run_tests: Runs, name: str) -> None:
    what, options, how_far = STOPS[name]
    run_tests(stopped(9, what))
    run_tests(stopped(1, what), *options)
    ran = run_tests(stopped(9, what))
    assert ran.partial == [None, f"its run was stopped after {how_far}", None]
    assert "compared with experiment-1" in ran.printed


def test_a_run_whose_last_test_would_have_stopped_it_is_whole(run_tests: Runs) -> None:
    assert run_tests(stopped(3, "assert False"), "-x").partial == [None]


CHOICES = {
    "-k": (("-k", "it and 1"), "those chosen by -k it and 1"),
    "a node": (("test_it.py::test_it[1]",), "those chosen by test_it.py::test_it[1]"),
    "-k that chooses all": (("-k", "test_it"), None),
    "settings": (("-o", "addopts=-k 1"), None),
    "a file": (("test_it.py",), None),
}


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("workers", [0, 2])
def test_tests_that_are_chosen_for_a_run_make_it_partial(run_tests: Runs, name: str, workers: int) -> None:
    if workers:
        pytest.importorskip("xdist")
    options, why = CHOICES[name]
    many = ("-n", str(workers)) if workers else ()
    text = stopped(9, "pass")
    assert run_tests(text, *options, *many, plugins=XDIST if workers else PLUGINS).partial == [why]


def test_a_run_without_what_could_not_be_collected_is_partial(run_tests: Runs, tmp_path: Path) -> None:
    (tmp_path / "cities" / "test_broken.py").write_text("import a_package_that_nobody_has")
    ran = run_tests(stopped(9, "pass"), "--continue-on-collection-errors")
    assert ran.partial == ["1 of its files or folders could not be collected"]
