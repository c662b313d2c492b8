"""The repository as git tells it: real repositories in a folder of the test's."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from spanscore._git import DIFF_BYTES, get_past_n_ancestors, get_repo_info, get_repository, restricted
from spanscore.wire.repo import GitMetadataSettings, RepoInfo

pytestmark = pytest.mark.core

WHEN = "2024-05-06T07:08:09+02:00"


@pytest.fixture(autouse=True)
def _only_our_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.com")
        monkeypatch.setenv(f"GIT_{role}_DATE", WHEN)


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, text: str) -> str:
    (folder / "file").write_text(text)
    git(folder, "add", "file")
    git(folder, "commit", "-q", "-m", f"{text}\n\nMore of it.")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


def test_a_clean_commit(repo: Path) -> None:
    head = commit(repo, "one")
    git(repo, "tag", "v1")
    assert get_repo_info(folder=repo) == RepoInfo(
        commit=head,
        branch="main",
        tag="v1",
        dirty=False,
        author_name="Ada",
        author_email="ada@example.com",
        commit_message="one\n\nMore of it.",
        commit_time=WHEN,
    )


def test_the_diff_is_told_only_where_it_is_asked_for(repo: Path) -> None:
    commit(repo, "one")
    (repo / "file").write_text("two")
    (repo / "untracked").write_text("secret")
    by_default = get_repo_info(folder=repo)
    told = get_repo_info(GitMetadataSettings(collect="all"), folder=repo)
    assert by_default is not None
    assert (by_default.dirty, by_default.git_diff) == (True, None)
    assert told is not None
    assert told.git_diff is not None
    assert told.git_diff.splitlines()[-4:] == [
        "-one",
        "\\ No newline at end of file",
        "+two",
        "\\ No newline at end of file",
    ]


def test_a_large_diff_is_cut(repo: Path) -> None:
    commit(repo, "one")
    (repo / "file").write_text("é" * DIFF_BYTES)
    told = get_repo_info(GitMetadataSettings(collect="all"), folder=repo)
    assert told is not None
    assert told.git_diff is not None
    assert DIFF_BYTES - 1 <= len(told.git_diff.encode()) <= DIFF_BYTES == 65_536


def test_only_what_is_asked_for_is_told(repo: Path) -> None:
    head = commit(repo, "one")
    some = GitMetadataSettings(collect="some", fields=["commit", "dirty"])
    assert get_repo_info(some, folder=repo) == RepoInfo(commit=head, dirty=False)
    assert get_repo_info(GitMetadataSettings(collect="none"), folder=repo) is None
    assert get_repo_info(GitMetadataSettings(collect="some"), folder=repo) is None


def test_settings_of_two_are_intersected_by_applying_both() -> None:
    found = RepoInfo(commit="c", branch="b", author_name="a")
    first = GitMetadataSettings(collect="some", fields=["commit", "branch"])
    second = GitMetadataSettings(collect="some", fields=["commit", "author_name"])
    assert restricted(restricted(found, first), second) == RepoInfo(commit="c")


def test_a_detached_head_has_no_branch(repo: Path) -> None:
    head = commit(repo, "one")
    git(repo, "checkout", "-q", head)
    told = get_repo_info(folder=repo)
    assert told is not None
    assert (told.commit, told.branch) == (head, None)


def test_a_repository_without_a_commit(repo: Path) -> None:
    assert get_repo_info(folder=repo) == RepoInfo(branch="main", dirty=False)
    assert get_past_n_ancestors(folder=repo) == []


def test_outside_of_a_repository_there_is_nothing(tmp_path: Path) -> None:
    assert get_repo_info(folder=tmp_path) is None
    assert get_past_n_ancestors(folder=tmp_path) == []
    assert get_repo_info(folder=tmp_path / "gone") is None


def test_without_git_there_is_nothing(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(repo, "one")
    monkeypatch.setenv("PATH", str(repo))
    assert get_repo_info(folder=repo) is None
    assert get_past_n_ancestors(folder=repo) == []


def test_ancestors_without_a_remote_are_those_before_the_commit(repo: Path) -> None:
    first, second, third = (commit(repo, text) for text in ("one", "two", "three"))
    assert get_past_n_ancestors(folder=repo) == [second, first]
    (repo / "file").write_text("changed")
    assert get_past_n_ancestors(folder=repo) == [third, second, first]
    assert get_past_n_ancestors(2, folder=repo) == [third, second]
    assert get_past_n_ancestors(0, folder=repo) == []


def test_ancestors_begin_where_the_branch_left_the_remote(repo: Path, tmp_path: Path) -> None:
    first, second = commit(repo, "one"), commit(repo, "two")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(repo), str(clone))
    git(clone, "checkout", "-q", "-b", "work")
    for text in ("three", "four"):
        commit(clone, text)
    assert get_past_n_ancestors(folder=clone) == [second, first]


def test_a_branch_keeps_its_whole_name_beside_a_tag_like_it(repo: Path) -> None:
    commit(repo, "one")
    git(repo, "checkout", "-q", "-b", "feature/v1")
    git(repo, "tag", "feature/v1")
    git(repo, "config", "log.excludeDecoration", "refs/tags/*")
    told = get_repo_info(folder=repo)
    assert told is not None
    assert (told.branch, told.tag) == ("feature/v1", "feature/v1")


def test_a_bare_repository_has_a_commit_and_no_files(repo: Path, tmp_path: Path) -> None:
    head = commit(repo, "one")
    bare = tmp_path / "bare.git"
    git(tmp_path, "clone", "-q", "--bare", str(repo), str(bare))
    told = get_repo_info(folder=bare)
    assert told is not None
    assert (told.commit, told.branch, told.dirty) == (head, "main", None)


@pytest.mark.skipif(os.name == "nt", reason="the counting git is a shell script")
@pytest.mark.parametrize("is_dirty", [False, True])
def test_everything_is_told_at_once_with_few_questions(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_dirty: bool
) -> None:
    for text in ("one", "two"):
        commit(repo, text)
    if is_dirty:
        (repo / "file").write_text("changed")
    apart = get_repo_info(folder=repo), get_past_n_ancestors(folder=repo)
    counting = tmp_path / "bin" / "git"
    counting.parent.mkdir()
    counting.write_text(f'#!/bin/sh\necho asked >> {tmp_path}/asked\nexec {shutil.which("git")} "$@"\n')
    counting.chmod(0o755)
    monkeypatch.setenv("PATH", str(counting.parent), prepend=os.pathsep)
    monkeypatch.chdir(repo)
    assert get_repository() == apart
    assert (tmp_path / "asked").read_text().split() == ["asked"] * 4
    assert get_repository(GitMetadataSettings(collect="none")) == (None, [])


def test_outside_of_a_repository_nothing_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert get_repository() == (None, [])


def test_the_configuration_of_the_user_changes_nothing(repo: Path) -> None:
    (repo / "file").write_text("one")
    git(repo, "add", "file")
    git(repo, "commit", "-q", "-m", "caf\u00e9")
    (repo / "file").write_text("two")
    (repo / "below").mkdir()
    for name, value in (
        ("i18n.logOutputEncoding", "ISO-8859-1"),
        ("log.showSignature", "true"),
        ("diff.relative", "true"),
        ("color.ui", "always"),
    ):
        git(repo, "config", name, value)
    told = get_repo_info(GitMetadataSettings(collect="all"), folder=repo / "below")
    assert told is not None
    assert told.git_diff is not None
    assert (told.commit_message, "+two" in told.git_diff.splitlines()) == ("caf\u00e9", True)
