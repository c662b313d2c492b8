"""The two seams: where finished spans go, and who answers questions about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from spanscore.wire.records import Record
from spanscore.wire.repo import RepoInfo
from spanscore.wire.summaries import ExperimentSummary


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
    experiment already. `baseline` is a name or id, `ancestor_commits` are those of the repository's history,
    the newest first, by which a baseline is found otherwise. `partial` says how the cases were chosen where
    not all are run; such an experiment is nobody's baseline unless it is named.
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
    ancestor_commits: Sequence[str] = ()
    baseline: str | None = None
    dataset_id: str | None = None
    dataset_version: str | None = None
    partial: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentRef:
    """An experiment as the backend knows it. `created_ns` is Unix nanoseconds."""

    id: str
    name: str
    project_id: str
    project: str
    created_ns: int


class Backend(Protocol):
    """Answers an eval's questions about experiments."""

    def register_experiment(self, request: ExperimentRequest) -> ExperimentRef: ...

    def summarize_experiment(self, experiment_id: str, *, baseline: str | None) -> ExperimentSummary:
        """Figures of an experiment. `baseline` is an id or name; None means the latest earlier one."""
        ...

    def permalink(self, experiment: ExperimentRef) -> str:
        """Where to look at the experiment: a URL, or for the embedded store a command."""
        ...
