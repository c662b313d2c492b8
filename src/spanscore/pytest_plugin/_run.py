"""What one process records of a run of tests: the experiments, and their figures at the end."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from spanscore._connect import drain
from spanscore._counted import counted
from spanscore.api._recording import ensure_recording, record_by
from spanscore.errors import ConfigError, RemoteCaseError
from spanscore.evals import ExperimentResult, PlainDisplay
from spanscore.pytest_plugin._case import CaseUnderTest
from spanscore.pytest_plugin._identity import TestIdentity
from spanscore.pytest_plugin._meeting import Meeting
from spanscore.pytest_plugin._running import forget, note, take
from spanscore.wire.seams import LOCAL, ExperimentRef, ExperimentRequest

if TYPE_CHECKING:
    import pytest

    from spanscore._connect import Connection

_COMMIT_S: Final = 60.0
_CRASHED_S: Final = 10.0
_TOLD: Final = {"input", "expected", "metadata", "tags", "project", "experiment"}


class Run:
    """The experiments of a run, one for each project and name that tests ask for: usually one.

    Workers of pytest-xdist meet in `folder`, so that they share it; None where there are no workers.
    `failure` says why nothing is recorded, if so: tests run all the same.
    """

    def __init__(self, config: "pytest.Config", folder: Path | None) -> None:
        self.failure: str | None = None
        self._config = config
        self._meeting = None if folder is None else Meeting(folder)
        self._experiments: dict[tuple[str, str | None], ExperimentRef] = {}
        self._connection: Connection | None = None
        self._lost_before: Any = None
        self._is_drained = False

    def case_of(self, item: "pytest.Item", marker: "pytest.Mark | None") -> CaseUnderTest:
        """The test as a case, as its marker describes it. Raises ConfigError for what no marker can say."""
        told: Mapping[str, Any] = {} if marker is None else _told(marker)
        experiment = self._experiment(told)
        if experiment is not None:
            self._switch_on()
        identity = TestIdentity.of(item)
        parent = None if experiment is None else f"experiment_id:{experiment.id}"
        if self._meeting is not None and parent is not None:
            note(self._meeting.folder, identity, told, parent)
        return CaseUnderTest(identity=identity, told=told, parent=parent)

    def finish(self, case: CaseUnderTest) -> None:
        """End the case."""
        case.finish()
        if self._meeting is not None:
            forget(self._meeting.folder)

    def take_crashed(self, report: "pytest.TestReport") -> None:
        """Make an errored case of a test that its worker crashed in, if it is one; unless it is run again."""
        test = None if self._meeting is None else take(self._meeting.folder, report.nodeid)
        if test is None or self.failure is not None or not report.failed:
            return
        try:
            self._connect()
            self._switch_on()
            case = CaseUnderTest(
                identity=test.identity, told=test.told, parent=test.parent, start_ns=test.start_ns
            )
            case.take(report, RemoteCaseError(str(report.longrepr)))
            case.finish()
        except Exception as error:  # noqa: BLE001 - tests run whatever becomes of the recording
            self.failure = f"{type(error).__name__}: {error}"

    def store(self, partial: str | None) -> None:
        """See to it that what was recorded is in the store; `partial` says why not all tests have run."""
        if self._connection is None:
            return
        flushed = self._connection.outbox.flush(_COMMIT_S, only=LOCAL)
        if flushed.waiting or flushed.lost != self._lost_before:
            waiting = counted(flushed.waiting, "span waits", "spans wait")
            self.failure = f"{waiting} still, lost are {flushed.lost or 'none'}"
        if self._meeting is None:
            self._end(self._connection, list(self._experiments.values()), partial)

    def summary(self, partial: str | None) -> Iterator[str]:
        """The lines at the end of a run: figures of each experiment. `partial` is as in `store`."""
        experiments = list(self._experiments.values())
        if self._meeting is not None:
            experiments += [ref for ref in self._met() if ref not in experiments]
            self._end(self._connection_of_controller(), experiments, partial)
        if self.failure is not None:
            yield f"spanscore: the tests were not recorded: {self.failure}"
        elif not self._config.getoption("--spanscore-no-summary"):
            for experiment in experiments:
                yield from self._figures_if_any(experiment)
        if self._meeting is not None:
            shutil.rmtree(self._meeting.folder, ignore_errors=True)

    def _experiment(self, told: Mapping[str, Any]) -> ExperimentRef | None:
        if self._config.getoption("--spanscore-off") or self.failure is not None:
            return None
        option = self._config.getoption
        project = (
            told.get("project") or option("--spanscore-project") or self._config.getini("spanscore_project")
        )
        wanted = (
            str(project or self._config.rootpath.name),
            told.get("experiment") or option("--spanscore-experiment"),
        )
        if wanted not in self._experiments:
            try:
                self._experiments[wanted] = self._opened(*wanted)
            except Exception as error:  # noqa: BLE001 - tests run whatever becomes of the recording
                self.failure = f"{type(error).__name__}: {error}"
                return None
        return self._experiments[wanted]

    def _opened(self, project: str, name: str | None) -> ExperimentRef:
        self._connect()
        if self._meeting is None:
            return self._registered(project, name, update=False)
        with self._meeting as meeting:
            known = meeting.read(project, name)
            if known is not None:
                return self._registered(project, known.name, update=True)
            made = self._registered(project, name, update=False)
            meeting.write(project, name, made)
            return made

    def _connect(self) -> "Connection":
        if self._connection is None:
            self._connection = ensure_recording()
            self._lost_before = self._connection.outbox.flush(0, only=LOCAL).lost
        return self._connection

    def _switch_on(self) -> None:
        """Record where the run does: a test before may have switched recording off, or elsewhere."""
        assert self._connection is not None
        record_by(self._connection)

    def _registered(self, project: str, name: str | None, *, update: bool) -> ExperimentRef:
        assert self._connection is not None
        request = ExperimentRequest(
            project=project,
            name=name,
            update=update,
            metadata={"runner": "pytest"},
            baseline=self._config.getoption("--spanscore-baseline"),
            says_its_end=True,
        )
        return self._connection.backend.register_experiment(request)

    def _met(self) -> list[ExperimentRef]:
        assert self._meeting is not None
        with self._meeting as meeting:
            return meeting.everything()

    def _end(
        self, connection: "Connection", experiments: Sequence[ExperimentRef], partial: str | None
    ) -> None:
        """Say of the experiments that their run has come to its end, which one that is killed does not."""
        backend = connection.backend
        try:
            for experiment in experiments:
                if partial is None:
                    backend.end_run(experiment.id)
                else:
                    backend.mark_partial(experiment.id, partial)
        except Exception as error:  # noqa: BLE001 - the outcome of the tests is not to be lost over this
            self.failure = self.failure or f"{type(error).__name__}: {error}"

    def _connection_of_controller(self) -> "Connection":
        """That of a process whose workers have recorded; a worker that crashed has left its spans."""
        connection = self._connect()
        if not self._is_drained and self._meeting is not None:
            self._is_drained = True
            drain(connection.settings, timeout_s=_CRASHED_S)
        return connection

    def _figures_if_any(self, experiment: ExperimentRef) -> Sequence[str]:
        try:
            return self._figures(experiment)
        except Exception as error:  # noqa: BLE001 - the outcome of the tests is not to be lost over figures
            return [f"spanscore: no figures of {experiment.name}: {type(error).__name__}: {error}"]

    def _figures(self, experiment: ExperimentRef) -> Sequence[str]:
        backend = self._connection_of_controller().backend
        summary = backend.summarize_experiment(experiment.id, baseline=None)
        result = ExperimentResult(
            experiment=experiment,
            summary=summary,
            duration_s=summary.duration_s,
            permalink=backend.permalink(experiment),
        )
        text = StringIO()
        PlainDisplay(progress=text, summary=text).show(result)
        return text.getvalue().splitlines()


def _told(marker: "pytest.Mark") -> Mapping[str, Any]:
    """The arguments of the marker."""
    told = marker.kwargs
    unknown = [*map(repr, marker.args), *sorted(told.keys() - _TOLD)]
    if unknown:
        known = ", ".join(f"{name}=" for name in sorted(_TOLD))
        raise ConfigError(f"the marker spanscore has no {', '.join(unknown)}; give some of {known}")
    metadata, tags = told.get("metadata"), told.get("tags")
    if metadata is not None and not isinstance(metadata, Mapping):
        raise ConfigError(f'the marker spanscore has metadata={metadata!r}; give a dict, {{"source": "faq"}}')
    if isinstance(tags, str):
        raise ConfigError(f'the marker spanscore has tags={tags!r}; give a list of texts, ["smoke"]')
    return told
