"""What is kept of prompts on disk."""

from pathlib import Path

import pytest

from spanscore.prompts import _fallback
from spanscore.prompts._fallback import AnswerFolder
from spanscore.wire.hosted import HostedQuery

pytestmark = pytest.mark.core

QUERY = HostedQuery(project="bot", slug="greeting")


def test_the_last_answer_is_found_again(tmp_path: Path) -> None:
    folder = AnswerFolder(tmp_path / "prompts", "account")
    assert folder.find(QUERY) is None
    folder.keep(QUERY, {"v": 1})
    folder.keep(QUERY, {"v": 2})
    assert AnswerFolder(tmp_path / "prompts", "account").find(QUERY) == {"v": 2}


def test_each_account_and_prompt_has_its_own(tmp_path: Path) -> None:
    folder = AnswerFolder(tmp_path, "account")
    folder.keep(QUERY, {"v": 1})
    others = [
        HostedQuery(project="bot", slug="other"),
        HostedQuery(project_id="bot2", slug="greeting"),
        HostedQuery(id="p1"),
    ]
    assert [folder.find(each) for each in others] == [None, None, None]
    assert AnswerFolder(tmp_path, "another").find(QUERY) is None


def test_a_damaged_file_is_as_good_as_none_and_no_part_is_left(tmp_path: Path) -> None:
    folder = AnswerFolder(tmp_path, "account")
    folder.keep(QUERY, {"v": 1})
    (path,) = tmp_path.iterdir()
    path.write_text('{"v"')
    assert folder.find(QUERY) is None


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = AnswerFolder(tmp_path / "file" / "prompts", "account")
    folder.keep(QUERY, {"v": 1})
    assert folder.find(QUERY) is None


def test_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_fallback, "_MOST_FILES", 2)
    folder = AnswerFolder(tmp_path, "account")
    queries = [HostedQuery(id=f"p{number}") for number in range(4)]
    for number, query in enumerate(queries):
        folder.keep(query, number)
    left = [folder.find(query) for query in queries]
    assert (len(list(tmp_path.iterdir())), left[3]) == (2, 3)
