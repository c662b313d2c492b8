"""Datasets: what they are called, their records, and changes of these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from spanscore._json import JsonText

RECORD_FIELDS: Final = ("input", "expected", "metadata", "tags", "origin")
"""What a record has besides its id, and a change may give."""

DEFAULT_DATASET: Final = "logs"
"""The name of a dataset that is given none, as Braintrust has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project as a backend knows it."""

    id: str
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetRequest:
    """The dataset that is wanted: made, with its project, if it is not there.

    `project_id` goes before `project`; one of them is given. `description` and `metadata` are those of a
    dataset that is made.
    """

    project: str | None = None
    project_id: str | None = None
    name: str = DEFAULT_DATASET
    description: str | None = None
    metadata: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetRef:
    """A dataset as a backend knows it. `created` is ISO 8601 in UTC."""

    id: str
    name: str
    project: Project
    created: str
    description: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetRecord:
    """A record as it was after the transaction `xact_id`, a decimal number of 19 digits as text.

    `created` is ISO 8601 in UTC, of the time at which it was inserted. `origin` says what it was made from,
    such as a logged span. What is deleted has no values.
    """

    id: str
    input: Any = None
    expected: Any = None
    metadata: Mapping[str, Any] | None = None
    tags: Sequence[str] | None = None
    origin: Mapping[str, Any] | None = None
    xact_id: str
    created: str
    is_deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetChange:
    """A change of one record.

    "insert" puts `fields` in the place of what the record had. "merge" lays them over it: objects merge key
    by key at every depth, but not below one of the `merge_paths`; tags unite; everything else replaces;
    `removed` are tags taken out after that; where there is no such record it is an insert. "delete" leaves
    the record in older versions only. `fields` are JSON texts of RECORD_FIELDS. `created` is ISO 8601 in UTC;
    None is now, and a merge leaves that of the record.
    """

    id: str
    kind: Literal["insert", "merge", "delete"]
    fields: Mapping[str, JsonText] = field(default_factory=dict[str, JsonText])
    merge_paths: Sequence[Sequence[str]] = ()
    removed: Sequence[str] = ()
    created: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetState:
    """How many records a version of a dataset has, and which version that is.

    `version` is the newest transaction in it, None where nothing was ever written, or it is not known.
    """

    records: int
    version: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetListing:
    """A dataset in a list, with its newest state."""

    ref: DatasetRef
    state: DatasetState


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetSnapshot:
    """A version of a dataset that has a name. `created` is ISO 8601 in UTC."""

    id: str
    name: str
    version: str
    created: str
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentCase:
    """A finished case of an experiment, as it can be run again.

    `id` is that of its root span. `expected` is None where the case had none; `output` is what its task gave.
    `metadata` is as recorded.
    """

    id: str
    input: Any
    expected: Any = None
    output: Any = None
    metadata: Mapping[str, Any] | None = None
    tags: Sequence[str] = ()
    xact_id: str | None = None
    created: str | None = None
    root_span_id: str | None = None
