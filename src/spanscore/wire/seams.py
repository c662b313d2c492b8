"""The two seams: where finished spans go, and who answers questions about them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol

from opentelemetry.sdk.trace import ReadableSpan

from spanscore.wire.datasets import (
    DatasetChange,
    DatasetListing,
    DatasetRecord,
    DatasetRef,
    DatasetRequest,
    DatasetSnapshot,
    DatasetState,
    ExperimentCase,
    Project,
)
from spanscore.wire.records import Record
from spanscore.wire.regressions import Regression
from spanscore.wire.repo import GitMetadataSettings, RepoInfo
from spanscore.wire.rows import Row
from spanscore.wire.summaries import ExperimentSummary
from spanscore.wire.trials import FinishedTrial


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a destination did with records that it has taken.

    `rejected` were refused one by one in an answer that accepted the others, `unsupported` are of a kind that
    it has no place for; both are counted and never sent again. `message` is what the destination says of it.
    """

    rejected: int = 0
    unsupported: int = 0
    message: str | None = None


LOCAL: Final = "local"
"""The identity of the embedded store as a destination."""


class Destination(Protocol):
    """Takes finished spans; called from one thread at a time."""

    @property
    def identity(self) -> str:
        """Who takes the spans: `local`, `braintrust:<api_url>#<digest of the key>`, `otlp:<endpoint>`.

        What is in the spool for one identity is never sent to another.
        """
        ...

    def deliver(self, records: Sequence[Record]) -> Receipt:
        """One attempt to hand over records; when it returns they are safe.

        It may be called again with the same records. Raises RetryLaterError, TooLargeError, RejectedError or
        UnauthorizedError; any other exception counts as a rejection.
        """
        ...

    def close(self) -> None:
        """Let go of connections; a later `deliver` opens them again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentRequest:
    """What is known of an experiment before its first case.

    `name` None lets the backend choose one. A name that the project has already gets a suffix unless
    `update`, which adds to the existing experiment. `scorers` are the names of the scorers, `errors` is the
    rule for errored cases. `project_id` goes before `project`. `id` is one that another backend has given the
    experiment already. `repo_info` None is what the backend collects itself as `git_metadata_settings` say.
    `baseline` is a name or id, `ancestor_commits` are those of the repository's history, the newest first, by
    which a baseline is found otherwise. `partial` says how the cases were chosen where not all are run; such
    an experiment is nobody's baseline unless it is named.
    `says_its_end` promises that `end_run` is called: until then the experiment counts as partial.
    `on_unreachable` "local" keeps an experiment that a service cannot be told of in the embedded store alone.
    """

    project: str
    name: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])
    tags: Sequence[str] = ()
    scorers: Sequence[str] = ()
    errors: str = "zero"
    description: str | None = None
    update: bool = False
    project_id: str | None = None
    id: str | None = None
    is_public: bool = False
    repo_info: RepoInfo | None = None
    git_metadata_settings: GitMetadataSettings | None = None
    ancestor_commits: Sequence[str] = ()
    baseline: str | None = None
    dataset_id: str | None = None
    dataset_version: str | None = None
    parameters_id: str | None = None
    parameters_version: str | None = None
    partial: str | None = None
    says_its_end: bool = False
    on_unreachable: Literal["raise", "local"] = "raise"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentRef:
    """An experiment as the backend knows it. `created_ns` is Unix nanoseconds."""

    id: str
    name: str
    project_id: str
    project: str
    created_ns: int


class DatasetCatalog(Protocol):
    """Makes, finds and lists datasets."""

    def open_dataset(self, request: DatasetRequest) -> DatasetRef:
        """The dataset of that project and name, which is made if it is not there."""
        ...

    def find_dataset(self, reference: str, *, project: str | None = None) -> DatasetRef:
        """The dataset of that id, name or PROJECT/NAME. Raises NotFoundError."""
        ...

    def list_datasets(self, *, project: str | None = None, limit: int = 50) -> list[DatasetListing]:
        """Datasets of one project or of all, newest first."""
        ...


class DatasetRecords(Protocol):
    """Writes and reads the records of datasets. A version is a transaction, or the name of a snapshot."""

    def write_records(self, dataset_id: str, changes: Sequence[DatasetChange]) -> str | None:
        """Make all changes, or none if it raises; the transaction that they are, where it is known."""
        ...

    def read_records(
        self, dataset_id: str, *, version: str | None = None, portion: int | None = None
    ) -> Iterator[DatasetRecord]:
        """Records of a version, None being the newest, in the order in which they first came.

        At most `portion` of them are held at once. Raises NotFoundError for a version that never was.
        """
        ...

    def differences(
        self, before: tuple[str, str | None], after: tuple[str, str | None]
    ) -> Iterator[tuple[DatasetRecord | None, DatasetRecord | None]]:
        """Records that differ between two versions, each a dataset's id and a version; matched by id.

        First those that are gone, then those that changed, then those that are new.
        """
        ...

    def dataset_size(self, dataset_id: str, *, version: str | None = None) -> int | None:
        """How many records a version has; None where only reading all of it would tell."""
        ...

    def dataset_state(self, dataset_id: str, *, version: str | None = None) -> DatasetState:
        """Size and number of a version. Raises NotFoundError."""
        ...


class DatasetSnapshots(Protocol):
    """Names versions of datasets."""

    def add_snapshot(
        self, dataset_id: str, name: str, version: str, *, description: str | None = None
    ) -> DatasetSnapshot:
        """Give a version a name. Raises ConfigError if the name stands for another version."""
        ...

    def snapshots(self, dataset_id: str) -> list[DatasetSnapshot]:
        """Snapshots of a dataset, the oldest first."""
        ...


class Datasets(DatasetCatalog, DatasetRecords, DatasetSnapshots, Protocol):
    """Everything about datasets."""

    @property
    def writes_at_once(self) -> int:
        """How many changes are best written together: 1 where a write costs next to nothing."""
        ...

    def dataset_version(
        self, dataset_id: str, *, snapshot: str | None = None, environment: str | None = None
    ) -> str | None:
        """The version that a snapshot, or else an environment, stands for; the newest without them.

        None where nothing was ever written. Raises NotFoundError, and ConfigError where there are no
        environments.
        """
        ...

    def dataset_link(self, dataset: DatasetRef) -> str:
        """Where to look at the dataset: a URL, or for the embedded store a command."""
        ...


class ExperimentRows(Protocol):
    """Reads what experiments have recorded."""

    def cases_of(self, experiment_id: str) -> Iterator[ExperimentCase]:
        """Finished cases, the newest attempt at each trial, in the order in which they were stored.

        Raises NotFoundError.
        """
        ...

    def base_experiment(self, experiment_id: str, name: str | None = None) -> ExperimentRef | None:
        """The experiment of that name in the same project, else the baseline of the experiment.

        Raises NotFoundError for a name that there is not; None if there is no baseline.
        """
        ...


class FinishedTrials(Protocol):
    """Tells what an experiment has already. Of several attempts at a trial the newest counts."""

    def find_experiment(self, reference: str, *, project: str | None = None) -> ExperimentRef:
        """The experiment of that id, prefix of an id, name, or PROJECT/NAME. Raises NotFoundError."""
        ...

    def finished_trials(self, experiment_id: str) -> Iterator[FinishedTrial]:
        """The trials whose traces are stored to their ends, one by one."""
        ...

    def finished_traces(self, experiment_id: str) -> Iterator[Sequence[Row]]:
        """The rows of each such trial, the eval span's first."""
        ...

    def trace(self, reference: str) -> Sequence[Row]:
        """The rows of one trace, oldest first. Raises NotFoundError."""
        ...


class Regressions(Protocol):
    """Tells which inputs an experiment does worse at than another."""

    def regressions(self, experiment_id: str, baseline_id: str, *, limit: int) -> Sequence[Regression]:
        """Inputs of which a score fell, the largest fall first; none where the backend cannot tell."""
        ...


class Runs(Protocol):
    """Takes note of how the runs of experiments end, and of what was made of all of their results."""

    def end_run(self, experiment_id: str) -> None:
        """Say that the run of the experiment has come to its end."""
        ...

    def keep_summary_scores(self, experiment_id: str, scores: Mapping[str, float | None]) -> None:
        """Keep the scores of the whole experiment, None for a skipped one, in place of those before."""
        ...

    def mark_partial(self, experiment_id: str, reason: str | None) -> None:
        """Say that the run has ended, and why not all cases of the experiment have run, None if they have.

        A partial one is nobody's baseline unless it is named.
        """
        ...


class SpanRows(Protocol):
    """Says what spans become."""

    def row_of(self, span: ReadableSpan) -> Row:
        """The row that a finished span becomes; nothing is written, and it never raises."""
        ...


class OpenExperiments(Protocol):
    """Finds experiments that are there already, and reads what they have."""

    def open_experiment(self, name: str, *, project: str | None, project_id: str | None) -> ExperimentRef:
        """The experiment of that name in a project; the project's id goes before its name. NotFoundError."""
        ...

    def request_of(self, experiment_id: str) -> ExperimentRequest:
        """What an experiment of this process was registered with, the repository's state included."""
        ...

    def experiment_rows(self, experiment_id: str, *, portion: int) -> Iterator[dict[str, Any]]:
        """Every row under Braintrust's names, read about `portion` at a time. Raises NotFoundError."""
        ...


class Projects(Protocol):
    """Knows projects and whose they are."""

    def open_project(self, name: str | None, project_id: str | None) -> Project:
        """The project of that id, else of that name, which is made if it is not there."""
        ...

    def organisation_id(self) -> str | None:
        """Whose the projects are; None for the embedded store. Raises what a login raises."""
        ...


class EvalBackend(ExperimentRows, FinishedTrials, Regressions, Runs, SpanRows, Protocol):
    """Answers an eval's questions about experiments."""

    @property
    def datasets(self) -> Datasets:
        """The datasets that it has."""
        ...

    def register_experiment(self, request: ExperimentRequest) -> ExperimentRef: ...

    def summarize_experiment(self, experiment_id: str, *, baseline: str | None) -> ExperimentSummary:
        """Figures of an experiment.

        `baseline` is an id or name; None means that of its registration, else the latest earlier one.
        """
        ...

    def permalink(self, experiment: ExperimentRef) -> str:
        """Where to look at the experiment: a URL, or for the embedded store a command."""
        ...


class Backend(EvalBackend, OpenExperiments, Projects, Protocol):
    """Answers every question of a program about its experiments, projects and account."""
