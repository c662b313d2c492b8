"""The folder where bytes wait: each once, whole or not at all, and not for ever."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path
from uuid import UUID

import pytest

from media import JPEG, PNG, key
from spanscore.attachments._folder import AttachmentFolder, linked

pytestmark = pytest.mark.core

DAY_S = 86_400.0


def folder(path: Path, max_bytes: int = 1 << 30, max_age_s: float = 7 * DAY_S) -> AttachmentFolder:
    return AttachmentFolder(path / "attachments", max_bytes=max_bytes, max_age_s=max_age_s)


def names(made: AttachmentFolder) -> set[str]:
    return {path.name for path in made.folder.iterdir()}


def test_item_67_the_key_is_a_uuid_of_version_4_made_of_the_content(tmp_path: Path) -> None:
    found = folder(tmp_path).put(PNG)
    assert UUID(found).version == 4
    assert (found, folder(tmp_path / "other").put(bytearray(PNG))) == (key(PNG), key(PNG))
    assert folder(tmp_path).put(JPEG) != found


def test_the_bytes_lie_in_a_file_for_their_owner_alone(tmp_path: Path) -> None:
    made = folder(tmp_path)
    path = made.path(made.put(PNG))
    assert path is not None
    assert path.read_bytes() == PNG
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, made.folder)]
    assert modes == [0o600, 0o700]


def test_the_same_bytes_are_written_once_and_begin_their_age_anew(tmp_path: Path) -> None:
    made = folder(tmp_path)
    path = made.folder / made.put(PNG)
    inode = path.stat().st_ino
    os.utime(path, (1, 1))
    made.put(PNG)
    copy = tmp_path / "a.png"
    copy.write_bytes(PNG)
    assert made.put_file(str(copy)) == key(PNG)
    assert (path.stat().st_ino, names(made)) == (inode, {key(PNG)})
    assert path.stat().st_mtime > 1


def test_a_file_is_copied_as_it_is_now(tmp_path: Path) -> None:
    given = tmp_path / "scan.bin"
    content = os.urandom(3_000_000)
    given.write_bytes(content)
    made = folder(tmp_path)
    found = made.put_file(str(given))
    given.write_bytes(b"something else")
    assert found == key(content)
    assert (made.folder / found).read_bytes() == content


def test_a_file_that_is_not_there_leaves_nothing_behind(tmp_path: Path) -> None:
    made = folder(tmp_path)
    with pytest.raises(FileNotFoundError):
        made.put_file(str(tmp_path / "missing"))
    os.mkfifo(tmp_path / "pipe")
    for path in (str(tmp_path), str(tmp_path / "pipe"), "/dev/zero"):
        with pytest.raises(OSError, match=f"no file: '{path}'"):
            made.put_file(path)
    assert not made.folder.exists() or names(made) == set()


TRICKS = [
    "..",
    "../../secret",
    "/etc/hostname",
    "",
    ".",
    "a" * 36,
    key(PNG).upper(),
    f"{key(PNG)}/..",
    f"../{key(PNG)}",
]


@pytest.mark.parametrize("trick", TRICKS)
def test_what_is_no_key_names_no_file(tmp_path: Path, trick: str) -> None:
    made = folder(tmp_path)
    made.put(PNG)
    (tmp_path / "secret").write_text("secret")
    assert made.path(trick) is None


def test_a_link_is_no_file_of_ours(tmp_path: Path) -> None:
    made = folder(tmp_path)
    made.put(JPEG)
    (made.folder / key(PNG)).symlink_to("/etc/hostname")
    assert made.path(key(PNG)) is None


def test_many_at_once_write_one_file(tmp_path: Path) -> None:
    content = os.urandom(200_000)
    threads = [threading.Thread(target=lambda: folder(tmp_path).put(content)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names(folder(tmp_path)) == {key(content)}
    assert (folder(tmp_path).folder / key(content)).read_bytes() == content


def test_a_process_killed_while_it_writes_leaves_no_file_under_a_key(tmp_path: Path) -> None:
    program = f"""
import os
from pathlib import Path
from spanscore.attachments import AttachmentFolder
made = AttachmentFolder(Path({str(tmp_path)!r}) / "attachments", max_bytes=1 << 30, max_age_s=60)
with made._new_file() as (file, path):
    file.write(b"half of it")
    file.flush()
    os.kill(os.getpid(), 9)
"""
    ran = subprocess.run([sys.executable, "-c", program], check=False)
    assert ran.returncode == -9
    (left,) = names(folder(tmp_path))
    assert left.startswith(".")


def test_the_sweep_takes_what_is_too_old_and_what_was_never_finished(tmp_path: Path) -> None:
    made = folder(tmp_path)
    old, new = made.put(PNG), made.put(JPEG)
    now = (made.folder / new).stat().st_mtime
    (made.folder / ".1-abandoned").write_bytes(b"half")
    os.utime(made.folder / ".1-abandoned", (now - 2 * DAY_S, now - 2 * DAY_S))
    (made.folder / ".2-being-written").write_bytes(b"half")
    os.utime(made.folder / old, (now - 8 * DAY_S, now - 8 * DAY_S))
    made.sweep(now=now)
    assert names(made) == {new, ".2-being-written"}


def test_the_sweep_takes_the_oldest_of_what_is_too_much(tmp_path: Path) -> None:
    made = folder(tmp_path, max_bytes=25)
    keys = [made.put(bytes([number]) * 10) for number in range(4)]
    for number, each in enumerate(keys):
        os.utime(made.folder / each, (1_000 + number, 1_000 + number))
    made.sweep(now=2_000)
    assert names(made) == set(keys[2:])


def test_the_sweep_is_done_once_an_hour(tmp_path: Path) -> None:
    made = folder(tmp_path)
    made.sweep(now=10)
    each = made.put(PNG)
    os.utime(made.folder / each, (1, 1))
    made.sweep(now=10 + 3_000)
    assert names(made) == {each}
    made.sweep(now=10 + 8 * DAY_S)
    assert names(made) == set()


def test_a_linked_file_outlives_the_sweep(tmp_path: Path) -> None:
    made = folder(tmp_path)
    source = made.folder / made.put(PNG)
    target = tmp_path / "store" / "ab" / source.name
    linked(source, target)
    linked(source, target)
    assert target.samefile(source)
    made.sweep(now=source.stat().st_mtime + 8 * DAY_S)
    assert (source.exists(), target.read_bytes()) == (False, PNG)


def test_where_there_are_no_links_it_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object) -> None:
        raise OSError("operation not supported")

    monkeypatch.setattr(os, "link", link)
    source = tmp_path / "source"
    source.write_bytes(PNG)
    target = tmp_path / "store" / "target"
    linked(source, target)
    assert target.read_bytes() == PNG
    assert [path.name for path in target.parent.iterdir()] == ["target"]


def test_what_is_missing_cannot_be_linked(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        linked(tmp_path / "missing", tmp_path / "target")
