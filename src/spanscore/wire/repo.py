"""The state of the repository that an experiment was run from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

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
    """Which fields of a RepoInfo are collected: all, none, or some, namely `fields`."""

    collect: Literal["all", "none", "some"] = "all"
    fields: Sequence[RepoField] = ()
