"""The repository that a program is run from, as far as git tells; nothing of it ever raises."""

import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Final, get_args

from spanscore.errors import ConfigError
from spanscore.wire.repo import GitMetadataSettings, RepoField, RepoInfo

DIFF_BYTES: Final = 64 << 10
ANCESTORS: Final = 1000
_TIMEOUT_S: Final = 5.0
_MAIN_BRANCHES: Final = ("main", "master", "develop")
_SEPARATOR: Final = "\x1f"
_COMMIT_FORMAT: Final = _SEPARATOR.join(("%H", "%an", "%ae", "%cI", "%B"))
_LAST: Final = 4
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
    git = partial(_git, folder)
    if git("rev-parse", "--git-dir") is None:
        return None
    found = _commit(git)
    if wanted & {"dirty", "git_diff"}:
        found = replace(found, dirty=_is_dirty(git))
    if "branch" in wanted:
        found = replace(found, branch=git("symbolic-ref", "--quiet", "--short", "HEAD"))
    if "tag" in wanted:
        found = replace(found, tag=git("describe", "--tags", "--exact-match"))
    if "git_diff" in wanted and found.dirty:
        found = replace(found, git_diff=_diff(folder))
    return restricted(found, settings)


def get_past_n_ancestors(n: int = ANCESTORS, *, folder: Path | None = None) -> list[str]:
    """Up to `n` commits of which an experiment run now is a successor, the newest first.

    They are the first parents from where this branch left the main branch of `origin` (main, master or
    develop) on; in a repository without one, those of the commit before the changes. The commit that is
    checked out is among them only if files differ from it.
    """
    git = partial(_git, folder)
    start = "HEAD" if _is_dirty(git) else "HEAD^"
    for branch in _MAIN_BRANCHES:
        left_at = git("merge-base", start, f"refs/remotes/origin/{branch}")
        if left_at:
            start = left_at
            break
    listed = git("rev-list", "--first-parent", f"--max-count={max(0, n)}", start) if n > 0 else None
    return listed.splitlines() if listed else []


def wanted_fields(settings: GitMetadataSettings) -> frozenset[str]:
    """The names of the fields that settings let through. Raises ConfigError for what is no setting."""
    match settings.collect:
        case "all":
            return frozenset(get_args(RepoField))
        case "none":
            return frozenset()
        case "some":
            return frozenset(settings.fields or ())
        case _:
            raise ConfigError(f"git metadata settings collect {settings.collect!r}; give all, some or none")


def restricted(found: RepoInfo | None, settings: GitMetadataSettings) -> RepoInfo | None:
    """`found` without what the settings do not let through; None if nothing is left."""
    wanted = wanted_fields(settings)
    if found is None or not wanted:
        return None
    hidden = [each.name for each in fields(RepoInfo) if each.name not in wanted]
    return replace(found, **dict.fromkeys(hidden))


def _commit(git: Callable[..., str | None]) -> RepoInfo:
    told = git("log", "-1", "--encoding=UTF-8", "--no-show-signature", f"--format={_COMMIT_FORMAT}", "HEAD")
    parts = [] if told is None else [part.strip() or None for part in told.split(_SEPARATOR, _LAST)]
    if len(parts) <= _LAST:
        # A repository without a commit.
        return RepoInfo()
    commit, author_name, author_email, commit_time, commit_message = parts
    return RepoInfo(
        commit=commit,
        author_name=author_name,
        author_email=author_email,
        commit_time=commit_time,
        commit_message=commit_message,
    )


def _is_dirty(git: Callable[..., str | None]) -> bool | None:
    changed = git("status", "--porcelain", "--untracked-files=no", "--ignore-submodules=dirty")
    return None if changed is None else bool(changed)


def _command(*arguments: str) -> list[str] | None:
    found = shutil.which("git")
    # One in the working directory is the repository's, not the user's.
    if found is None or not os.path.isabs(found):
        return None
    return [found, "--no-optional-locks", "--no-pager", "-c", "core.fsmonitor=false", *arguments]


def _git(folder: Path | None, *arguments: str) -> str | None:
    """What git prints; None if there is no git, if it fails, or takes too long."""
    command = _command(*arguments)
    if command is None:
        return None
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace").rstrip("\n") if done.returncode == 0 else None


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
