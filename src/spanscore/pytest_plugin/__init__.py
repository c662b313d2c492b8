"""Tests as cases of an experiment: the marker `spanscore`, the fixture `eval_case` and the function `score`.

pytest loads it by itself where spanscore is installed. Of spanscore nothing else is imported until a test
asks for it, but for what counts tests.
"""

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from spanscore.pytest_plugin._extent import Extent

if TYPE_CHECKING:
    from spanscore.pytest_plugin._case import CaseUnderTest
    from spanscore.pytest_plugin._run import Run

__all__ = ["score"]

_RUN: "pytest.StashKey[Run]" = pytest.StashKey()
_CASE: "pytest.StashKey[CaseUnderTest]" = pytest.StashKey()
_FOLDER = pytest.StashKey[Path]()
_EXTENT = pytest.StashKey[Extent]()
_PARTIAL = pytest.StashKey[str | None]()
_WORKERS_INPUT = "spanscore_folder"
_WORKERS_OUTPUT = "spanscore_failure"
_WORKERS_DESELECTED = "spanscore_deselected"


def score(name: str, value: Any, metadata: dict[str, Any] | None = None) -> None:
    """Give the test that runs a score: a number in 0..1, a bool, or None where it is skipped.

    Raises ScoreError for anything else, and ConfigError outside a test with the marker `spanscore`.
    """
    from spanscore.pytest_plugin._case import current_case  # noqa: PLC0415 - only where it is used

    current_case().score(name, value, metadata)


@pytest.fixture
def eval_case(request: pytest.FixtureRequest) -> "CaseUnderTest":
    """The test as a case: `input`, `expected`, `output`, `metadata`, `tags`, and `score(name, value)`."""
    return request.node.stash[_CASE]


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options `--spanscore-…` and the setting `spanscore_project`."""
    group = parser.getgroup("spanscore", "tests as cases of an experiment")
    group.addoption("--spanscore-project", metavar="NAME", help="project of tests that name none")
    group.addoption("--spanscore-experiment", metavar="NAME", help="name of the experiment of this run")
    group.addoption("--spanscore-baseline", metavar="NAME", help="experiment to compare with: its name or id")
    group.addoption("--spanscore-off", action="store_true", help="run the tests without recording them")
    group.addoption("--spanscore-no-summary", action="store_true", help="print no figures at the end")
    parser.addini("spanscore_project", "project of tests that name none; by default the folder's name")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, and count the tests."""
    config.stash[_EXTENT] = Extent(config)
    config.pluginmanager.register(config.stash[_EXTENT], "spanscore_extent")
    config.addinivalue_line(
        "markers",
        "spanscore(project=None, experiment=None, input=…, expected=…, metadata=None, tags=()): "
        "record the test as a case of an experiment",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where it meets the others."""
    import secrets  # noqa: PLC0415 - only a controller of workers needs them
    import tempfile  # noqa: PLC0415

    stash = node.config.stash
    if _FOLDER not in stash:
        stash[_FOLDER] = Path(tempfile.gettempdir()) / f"spanscore-pytest-{secrets.token_hex(8)}"
    node.workerinput[_WORKERS_INPUT] = str(stash[_FOLDER])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take over what a worker could not record."""
    output = getattr(node, "workeroutput", {})
    failure = output.get(_WORKERS_OUTPUT)
    if failure is not None:
        _run_of(node.config).failure = failure
    extent = node.config.stash[_EXTENT]
    extent.deselected = max(extent.deselected, output.get(_WORKERS_DESELECTED, 0))


@pytest.hookimpl(optionalhook=True, trylast=True)
def pytest_handlecrashitem(report: pytest.TestReport, sched: Any) -> None:
    """Take over the test during which a worker has crashed."""
    folder = sched.config.stash.get(_FOLDER, None)
    if folder is not None and folder.exists():
        _run_of(sched.config).take_crashed(report)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Make a case of the test, if it is to be one."""
    marker = item.get_closest_marker("spanscore")
    if marker is None and "eval_case" not in getattr(item, "fixturenames", ()):
        return
    item.stash[_CASE] = _run_of(item.config).case_of(item, marker)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Run the test below its span."""
    case = item.stash.get(_CASE, None)
    if case is None:
        return (yield)
    # Made with the TestCase, before the test has a span.
    apart = getattr(getattr(item, "instance", None), "_asyncioTestContext", None)
    with case.running(apart=apart):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: "pytest.CallInfo[None]"
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Take the outcome of each phase of the test; the case is over with the last."""
    report = yield
    case = item.stash.get(_CASE, None)
    if case is not None:
        case.take(report, None if call.excinfo is None else call.excinfo.value)
        if report.when == "teardown":
            del item.stash[_CASE]
            _run_of(item.config).finish(case)
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Store what was recorded."""
    stash, output = session.config.stash, getattr(session.config, "workeroutput", None)
    stash[_PARTIAL] = stash[_EXTENT].partial(session)
    run = stash.get(_RUN, None)
    if run is not None:
        run.store(stash[_PARTIAL])
    if output is not None:
        output[_WORKERS_DESELECTED] = stash[_EXTENT].deselected
        if run is not None and run.failure is not None:
            output[_WORKERS_OUTPUT] = run.failure


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the figures of the experiments, once a run."""
    if hasattr(config, "workerinput"):
        return
    folder = config.stash.get(_FOLDER, None)
    is_used = _RUN in config.stash or (folder is not None and folder.exists())
    if is_used:
        lines = list(_run_of(config).summary(config.stash.get(_PARTIAL, None)))
        if lines:
            terminalreporter.section("spanscore")
        for line in lines:
            terminalreporter.write_line(line)


def _run_of(config: pytest.Config) -> "Run":
    """What this process records of the run."""
    if _RUN not in config.stash:
        from spanscore.pytest_plugin._run import Run  # noqa: PLC0415 - only where a test asks for it

        given: str | None = getattr(config, "workerinput", {}).get(_WORKERS_INPUT)
        folder = config.stash.get(_FOLDER, None) if given is None else Path(given)
        config.stash[_RUN] = Run(config, folder)
    return config.stash[_RUN]
