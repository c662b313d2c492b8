"""The repository that a program is run from, as far as git tells; nothing of it ever raises."""

import os
import shutil
import subprocess
import threading
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Final, get_args

from spanscore.wire.repo import GitMetadataSettings, RepoField, RepoInfo

DIFF_BYTES: Final = 64 << 10
ANCESTORS: Final = 1000
_TIMEOUT_S: Final = 5.0
_SEPARATOR: Final = "\x1f"
_COMMIT_FORMAT: Final = _SEPARATOR.join(("%H", "%D", "%an", "%ae", "%cI", "%B"))
_LAST: Final = 5
_DETACHED: Final = "(detached)"

_STATUS: Final = (
    "status",
    "--porcelain=v2",
    "--branch",
    "--no-ahead-behind",
    "--untracked-files=no",
    "--ignore-submodules=dirty",
)
_LOG: Final = (
    "log",
    "-1",
    "--encoding=UTF-8",
    "--no-show-signature",
    "--decorate-refs=refs/tags/*",
    f"--format={_COMMIT_FORMAT}",
    "HEAD",
)
_MAIN_BRANCHES: Final = tuple(f"refs/remotes/origin/{name}" for name in ("main", "master", "develop"))
_REMOTE: Final = ("for-each-ref", "--format=%(refname)", *_MAIN_BRANCHES)
_BY_DEFAULT: Final = GitMetadataSettings(
    collect="some", fields=[name for name in get_args(RepoField) if name != "git_diff"]
)


def get_repo_info(
    settings: GitMetadataSettings | None = None, *, folder: Path | None = None
) -> RepoInfo | None:
    """The commit that is checked out, and whether files differ from it; None outside of a repository.

    `settings` say which fields are wanted; None is all but the diff, which may hold what is in no commit.
    `folder` is where to look, the working directory when None. What git does not tell within seconds, or
    refuses because the folder is another user's, is None.
    """
    settings = settings or _BY_DEFAULT
    wanted = wanted_fields(settings)
    if not wanted:
        return None
    log, *further = _answers(folder, _LOG, *([_STATUS] if wanted & {"dirty", "git_diff"} else ()))
    return _repo_info(settings, folder, log, further[0] if further else None)


def get_past_n_ancestors(n: int = ANCESTORS, *, folder: Path | None = None) -> list[str]:
    """Up to `n` commits of which an experiment run now is a successor, the newest first.

    They are the first parents from where this branch left the main branch of `origin` (main, master or
    develop) on; in a repository without one, those of the commit before the changes. The commit that is
    checked out is among them only if files differ from it.
    """
    if n <= 0:
        return []
    status, remote = _answers(folder, _STATUS, _REMOTE)
    return _ancestors(folder, status, remote, n)


def get_repository(settings: GitMetadataSettings | None = None) -> tuple[RepoInfo | None, list[str]]:
    """What `get_repo_info` and `get_past_n_ancestors` tell of the working directory, for less."""
    settings = settings or _BY_DEFAULT
    if not wanted_fields(settings):
        return None, []
    log, status, remote = _answers(None, _LOG, _STATUS, _REMOTE)
    found = _repo_info(settings, None, log, status)
    return found, [] if found is None else _ancestors(None, status, remote, ANCESTORS)


def wanted_fields(settings: GitMetadataSettings) -> frozenset[str]:
    """The names of the fields that settings let through."""
    match settings.collect:
        case "all":
            return frozenset(get_args(RepoField))
        case "none":
            return frozenset()
        case "some":
            return frozenset(settings.fields or ())


def restricted(found: RepoInfo | None, settings: GitMetadataSettings) -> RepoInfo | None:
    """`found` without what the settings do not let through; None if nothing is left."""
    wanted = wanted_fields(settings)
    if found is None or not wanted:
        return None
    hidden = [each.name for each in fields(RepoInfo) if each.name not in wanted]
    return replace(found, **dict.fromkeys(hidden))


def _repo_info(
    settings: GitMetadataSettings, folder: Path | None, log: str | None, status: str | None
) -> RepoInfo | None:
    if log is None and status is None and _git(folder, "rev-parse", "--git-dir") is None:
        return None
    wanted = wanted_fields(settings)
    found, is_tagged = _commit(log)
    found = replace(found, dirty=_is_dirty(status))
    if "branch" in wanted:
        branch = (
            _git(folder, "symbolic-ref", "--quiet", "--short", "HEAD") if status is None else _branch(status)
        )
        found = replace(found, branch=branch)
    if "tag" in wanted and is_tagged:
        found = replace(found, tag=_git(folder, "describe", "--tags", "--exact-match"))
    if "git_diff" in wanted and found.dirty:
        found = replace(found, git_diff=_diff(folder))
    return restricted(found, settings)


def _commit(log: str | None) -> tuple[RepoInfo, bool]:
    """The commit, and whether it has a tag."""
    parts = [] if log is None else [part.strip() or None for part in log.split(_SEPARATOR, _LAST)]
    if len(parts) <= _LAST:
        # A repository without a commit.
        return RepoInfo(), False
    commit, tags, author_name, author_email, commit_time, commit_message = parts
    found = RepoInfo(
        commit=commit,
        author_name=author_name,
        author_email=author_email,
        commit_time=commit_time,
        commit_message=commit_message,
    )
    return found, tags is not None


def _is_dirty(status: str | None) -> bool | None:
    return None if status is None else any(not line.startswith("#") for line in status.splitlines())


def _branch(status: str) -> str | None:
    heads = (line.split(" ", 2)[2] for line in status.splitlines() if line.startswith("# branch.head "))
    branch = next(heads, _DETACHED)
    return None if branch == _DETACHED else branch


def _ancestors(folder: Path | None, status: str | None, remote: str | None, n: int) -> list[str]:
    start = "HEAD" if _is_dirty(status) else "HEAD^"
    known = (remote or "").split()
    for branch in (name for name in _MAIN_BRANCHES if name in known):
        left_at = _git(folder, "merge-base", start, branch)
        if left_at:
            start = left_at
            break
    listed = _git(folder, "rev-list", "--first-parent", f"--max-count={n}", start)
    return listed.splitlines() if listed else []


def _command(*arguments: str) -> list[str] | None:
    found = shutil.which("git")
    # One in the working directory is the repository's, not the user's.
    if found is None or not os.path.isabs(found):
        return None
    return [found, "--no-optional-locks", "--no-pager", "-c", "core.fsmonitor=false", *arguments]


def _git(folder: Path | None, *arguments: str) -> str | None:
    """What git prints; None if there is no git, if it fails, or takes too long."""
    return _answers(folder, arguments)[0]


def _answers(folder: Path | None, *questions: Sequence[str]) -> list[str | None]:
    """What git prints for each of the questions, which are asked at once."""
    with ExitStack() as stack:
        running = [stack.enter_context(_running(folder, question)) for question in questions]
        return [None if each is None else _answer(each) for each in running]


@contextmanager
def _running(
    folder: Path | None, arguments: Sequence[str]
) -> Generator["subprocess.Popen[bytes] | None", None, None]:
    """Git at work, no longer than the `with` block; None where there is no git, or no folder."""
    running = _begun(folder, arguments)
    if running is None:
        yield None
        return
    with running:
        try:
            yield running
        finally:
            running.kill()


def _begun(folder: Path | None, arguments: Sequence[str]) -> "subprocess.Popen[bytes] | None":
    command = _command(*arguments)
    if command is None:
        return None
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    try:
        return subprocess.Popen(command, cwd=folder, stdin=nothing, stdout=pipe, stderr=nothing)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def _answer(running: "subprocess.Popen[bytes]") -> str | None:
    try:
        told, _ = running.communicate(timeout=_TIMEOUT_S)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return told.decode("utf-8", "replace").rstrip("\n") if running.returncode == 0 else None


def _diff(folder: Path | None) -> str | None:
    """The beginning of what differs from the commit; no more than that is read."""
    # Of the whole repository, whatever the folder and the configuration.
    command = _command(
        "-c", "diff.relative=false", "diff", "--no-ext-diff", "--no-color", "--no-textconv", "HEAD"
    )
    if command is None:
        return None
    try:
        with subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as running:
            late = threading.Timer(_TIMEOUT_S, running.kill)
            late.start()
            try:
                assert running.stdout is not None
                read = running.stdout.read(DIFF_BYTES)
            finally:
                late.cancel()
                running.kill()
    except OSError:
        return None
    return read.decode("utf-8", "ignore") or None
