"""The ledger: counts that last, of all processes, whatever is cut off."""

import fcntl
import os
import threading
import time
from pathlib import Path

import pytest

from forked import exit_status, held
from spanscore.delivery import _ledger as module
from spanscore.delivery._ledger import FILE, Ledger

pytestmark = pytest.mark.core


def test_counts_of_all_processes_are_added_up(tmp_path: Path) -> None:
    first, second = Ledger(tmp_path), Ledger(tmp_path)
    first.add("b", "rejected", 2)
    first.add("a", "spool_full", 1)
    first.add("a", "nothing", 0)
    second.add("b", "rejected", 3)
    assert first.totals() == {}
    first.write()
    second.write()
    second.write()
    assert first.totals() == second.totals() == {"a": {"spool_full": 1}, "b": {"rejected": 5}}


def test_file_and_folder_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "spool")
    ledger.write()
    assert not (tmp_path / "spool").exists()
    ledger.add("a", "rejected", 1)
    ledger.write()
    modes = [path.stat().st_mode & 0o777 for path in (tmp_path / "spool", tmp_path / "spool" / FILE)]
    assert modes == [0o700, 0o600]


def test_what_cannot_be_written_now_is_written_later(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("in the way")
    ledger = Ledger(tmp_path / "spool")
    ledger.add("a", "rejected", 1)
    ledger.write()
    (tmp_path / "spool").unlink()
    ledger.add("a", "rejected", 1)
    ledger.write()
    assert ledger.totals() == {"a": {"rejected": 2}}


def test_full_disk_costs_no_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, write = Ledger(tmp_path), os.write
    ledger.add("a", "rejected", 1)
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[:9]))
    ledger.write()
    monkeypatch.undo()
    ledger.write()
    other = Ledger(tmp_path)
    other.add("a", "rejected", 2)
    other.write()
    assert other.totals() == {"a": {"rejected": 3}}


def test_line_cut_off_by_a_kill_costs_no_other(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.add("a", "rejected", 1)
    ledger.write()
    with (tmp_path / FILE).open("ab") as file:
        file.write(b'{"at":1,"destination":"a","rea')
    ledger.add("a", "rejected", 2)
    ledger.write()
    assert ledger.totals() == {"a": {"rejected": 3}}


def test_lines_that_are_none_are_left_out(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'[]\n{"count":"many"}\n\xff\n{"count":1}\n\n')
    assert Ledger(tmp_path).totals() == {"None": {"None": 1}}


def test_file_that_has_grown_is_added_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_BYTES", 500)
    ledger = Ledger(tmp_path)
    for _ in range(100):
        ledger.add("a", "rejected", 1)
        ledger.add("b", "too_old", 2)
        ledger.write()
    assert ledger.totals() == {"a": {"rejected": 100}, "b": {"too_old": 200}}
    assert (tmp_path / FILE).stat().st_size < 1000


def test_child_has_a_new_lock_and_leaves_what_is_unwritten_to_its_parent(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.add("a", "rejected", 1)

    def work() -> None:
        ledger.renew()
        ledger.add("a", "too_old", 1)
        ledger.write()

    with held(ledger._lock):  # pyright: ignore[reportPrivateUsage]
        assert exit_status(work) == 0
    ledger.write()
    assert ledger.totals() == {"a": {"rejected": 1, "too_old": 1}}


def test_no_count_is_lost_while_several_add_up_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_BYTES", 2_000)

    def work() -> None:
        ledger = Ledger(tmp_path)
        for number in range(1_000):
            ledger.add(f"d{number % 7}", "rejected", 1)
            ledger.write()
        while ledger._unwritten:  # pyright: ignore[reportPrivateUsage]
            ledger.write()

    statuses: list[int] = []
    threads = [threading.Thread(target=lambda: statuses.append(exit_status(work))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    totals = Ledger(tmp_path).totals()
    assert statuses == [0, 0, 0, 0]
    assert sum(counts["rejected"] for counts in totals.values()) == 4_000
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert (tmp_path / FILE).stat().st_size < 50_000


def test_who_appends_waits_for_who_adds_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(tmp_path)
    ledger.add("a", "rejected", 1)
    ledger.write()
    ledger.add("a", "rejected", 2)
    with (tmp_path / FILE).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        monkeypatch.setattr(module, "_MOST_WAIT_S", 0.02)
        ledger.write()
        assert ledger.totals() == {"a": {"rejected": 1}}
        monkeypatch.undo()
        threading.Timer(0.05, lambda: fcntl.flock(file, fcntl.LOCK_UN)).start()
        begun = time.monotonic()
        ledger.write()
        assert time.monotonic() - begun >= 0.02
    assert ledger.totals() == {"a": {"rejected": 3}}


def test_full_disk_while_adding_up_costs_no_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_BYTES", 0)
    ledger, write = Ledger(tmp_path), os.write
    for _ in range(2):
        ledger.add("a", "rejected", 1)
        ledger.write()
    ledger.add("a", "rejected", 1)
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[:9]))
    ledger.write()
    monkeypatch.setattr(os, "write", write)
    assert ledger.totals() == {"a": {"rejected": 2}}
    ledger.write()
    assert ledger.totals() == {"a": {"rejected": 3}}
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
