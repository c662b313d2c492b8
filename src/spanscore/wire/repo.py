"""The state of the repository that an experiment was run from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from spanscore.errors import ConfigError

RepoField = Literal[
    "commit",
    "branch",
    "tag",
    "dirty",
    "author_name",
    "author_email",
    "commit_message",
    "commit_time",
    "git_diff",
]

FIELDS_OF_A_REPO: Final = get_args(RepoField)
_COLLECT: Final = ("all", "none", "some")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepoInfo:
    """A commit, and whether the files differed from it; None stands for what is unknown or not to be told.

    `commit_time` is ISO 8601, `git_diff` has at most 64 KiB.
    """

    commit: str | None = None
    branch: str | None = None
    tag: str | None = None
    dirty: bool | None = None
    author_name: str | None = None
    author_email: str | None = None
    commit_message: str | None = None
    commit_time: str | None = None
    git_diff: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GitMetadataSettings:
    """Which fields of a RepoInfo are collected: all, none, or some, namely `fields`.

    Raises ConfigError for a field that a RepoInfo does not have, and for another word than these three.

    >>> GitMetadataSettings(collect="some", fields=["commit", "branch"]).fields
    ['commit', 'branch']
    """

    collect: Literal["all", "none", "some"] = "all"
    fields: Sequence[RepoField] = ()

    def __post_init__(self) -> None:
        if self.collect not in _COLLECT:
            raise ConfigError(f"collect is {self.collect!r}; give one of {', '.join(_COLLECT)}")
        if isinstance(self.fields, str):
            raise ConfigError(f"fields is {self.fields!r}; give a list of {', '.join(FIELDS_OF_A_REPO)}")
        unknown = [repr(name) for name in self.fields if name not in FIELDS_OF_A_REPO]
        if unknown:
            raise ConfigError(
                f"nobody tells {', '.join(unknown)} of a repository; "
                f"give some of {', '.join(FIELDS_OF_A_REPO)}"
            )
