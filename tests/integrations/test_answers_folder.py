"""Files of answers: whole or not there, and not too many."""

import os
import time
from pathlib import Path

import pytest

from spanscore.integrations._answers_folder import Answer, AnswersFolder

pytestmark = pytest.mark.core

KEY = "ab" + "0" * 62
ANSWER = Answer(
    status=200,
    headers=((b"content-type", b"application/json"), (b"x-twice", b"1"), (b"x-twice", b"2")),
    parts=(b'{"a"', b": 1}"),
    version=b"HTTP/2",
    reason=b"OK",
)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def used_ago(place: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(place, (then, then))


def test_an_answer_comes_back_as_it_was_for_every_process_with_the_folder(tmp_path: Path) -> None:
    AnswersFolder(tmp_path / "a" / "b").put(KEY, ANSWER)
    assert AnswersFolder(tmp_path / "a" / "b").get(KEY) == ANSWER
    assert AnswersFolder(tmp_path / "a" / "b").get("f" * 64) is None


def test_only_its_user_may_read_it(tmp_path: Path) -> None:
    AnswersFolder(tmp_path / "a").put(KEY, ANSWER)
    place = tmp_path / "a" / "ab" / f"{KEY}.answer"
    assert [oct(path.stat().st_mode)[-3:] for path in (tmp_path / "a", place.parent, place)] == [
        "700",
        "700",
        "600",
    ]


def test_a_later_answer_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    folder = AnswersFolder(tmp_path)
    folder.put(KEY, ANSWER)
    other = Answer(status=201, headers=(), parts=())
    folder.put(KEY, other)
    assert folder.get(KEY) == other
    assert files_in(tmp_path) == [f"{KEY}.answer"]


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "another format"])
def test_a_damaged_file_is_no_answer_and_goes(tmp_path: Path, damage: str) -> None:
    folder = AnswersFolder(tmp_path)
    folder.put(KEY, ANSWER)
    place = tmp_path / "ab" / f"{KEY}.answer"
    whole = place.read_bytes()
    damaged = {
        "cut": whole[:-1],
        "changed": whole[:-1] + bytes([whole[-1] ^ 1]),
        "empty": b"",
        "another format": b"{}" * 40,
    }
    place.write_bytes(damaged[damage])
    assert folder.get(KEY) is None
    assert files_in(tmp_path) == []


def test_what_was_not_used_for_too_long_is_not_given_and_goes(tmp_path: Path) -> None:
    folder = AnswersFolder(tmp_path, max_age_s=60)
    folder.put(KEY, ANSWER)
    draft = tmp_path / "ab" / "left-over.draft"
    draft.touch()
    for place in (draft, tmp_path / "ab" / f"{KEY}.answer"):
        used_ago(place, 4000)
    assert folder.get(KEY) is None
    folder.trim()
    assert files_in(tmp_path) == []


def test_a_draft_of_another_process_is_left_alone(tmp_path: Path) -> None:
    folder = AnswersFolder(tmp_path, max_bytes=0)
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "at-work.draft").touch()
    folder.trim()
    assert files_in(tmp_path) == ["at-work.draft"]


def test_the_ones_used_longest_ago_make_room(tmp_path: Path) -> None:
    folder = AnswersFolder(tmp_path)
    keys = [f"{number:02x}" * 32 for number in range(10)]
    large = Answer(status=200, headers=(), parts=(b"a" * 1000,))
    for age, key in enumerate(keys):
        folder.put(key, large)
        used_ago(tmp_path / key[:2] / f"{key}.answer", 100 + age)
    assert folder.get(keys[9]) == large  # and is thereby the youngest
    AnswersFolder(tmp_path, max_bytes=6000).trim()
    assert [key for key in keys if folder.get(key)] == [*keys[:4], keys[9]]


def test_it_is_trimmed_while_it_is_written(tmp_path: Path) -> None:
    folder = AnswersFolder(tmp_path, max_bytes=5000)
    for number in range(20):
        folder.put(f"{number:02x}" * 32, Answer(status=200, headers=(), parts=(b"a" * 1000,)))
    assert len(files_in(tmp_path)) <= 5


def test_what_lies_in_the_folder_besides_stays(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.answer").touch()
    (tmp_path / "README").touch()
    AnswersFolder(tmp_path, max_bytes=0, max_age_s=0).trim()
    assert files_in(tmp_path) == ["README", "a.answer"]
