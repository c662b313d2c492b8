"""The embedded store as its users see it: files, processes, errors."""

import gc
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from finished_spans import PROJECT, finished
from spanscore.errors import StoreBusyError, StoreCorruptError, StoreReadOnlyError, StoreVersionError
from spanscore.store import SqliteStore
from spanscore.store._connection import connect_to_write
from spanscore.wire.parent import Parent
from spanscore.wire.seams import Destination, EvalBackend, ExperimentRequest

pytestmark = pytest.mark.core

TESTS = Path(__file__).parent.parent
LOGS = Parent.parse(PROJECT)


def child(code: str, *args: object) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])}
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, args)]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish(process: "subprocess.Popen[str]") -> str:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


def is_sound(path: Path) -> bool:
    connection = sqlite3.connect(path)
    try:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        connection.close()


def test_it_is_a_destination_and_a_backend(store: SqliteStore) -> None:
    destination: Destination = store
    backend: EvalBackend = store
    assert (
        destination.identity,
        backend.permalink(store.register_experiment(ExperimentRequest(project="a b"))),
    ) == (
        "local",
        "spanscore experiments show 'a b/experiment-1'",
    )


def test_making_and_reading_one_makes_no_file(store: SqliteStore, path: Path) -> None:
    assert (
        store.experiments(),
        store.projects(),
        store.logs(),
        store.search("x"),
        store.logs(search="x"),
    ) == (([], [], [], [], []))
    assert list(store.rows(LOGS)) == []
    assert not path.parent.exists()


def test_folder_and_files_are_the_owners_alone(store: SqliteStore, path: Path) -> None:
    old = os.umask(0)
    try:
        store.deliver([finished()])
    finally:
        os.umask(old)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (path.parent, *path.parent.iterdir())}
    assert modes == {
        "home": 0o700,
        "spanscore.db": 0o600,
        "spanscore.db-wal": 0o600,
        "spanscore.db-shm": 0o600,
    }


def test_it_opens_again_after_closing(store: SqliteStore) -> None:
    store.deliver([finished()])
    store.close()
    store.deliver([finished(span_id=2)])
    assert [row.span_id[-1] for row in store.rows(LOGS)] == ["1", "2"]


def test_several_processes_write_while_another_reads(store: SqliteStore, path: Path) -> None:
    writer = """
        import sys
        from pathlib import Path
        from finished_spans import finished
        from spanscore.store import SqliteStore
        store, number = SqliteStore(Path(sys.argv[1])), int(sys.argv[2])
        for batch in range(25):
            first = number * 10_000 + batch * 10 + 1
            store.deliver([finished(trace_id=number + 1, span_id=first + i) for i in range(10)])
    """
    children = [child(writer, path, number) for number in range(3)]
    seen = [0]
    while any(process.poll() is None for process in children):
        seen.append(sum(1 for _row in store.rows(LOGS)))
    for process in children:
        finish(process)
    assert seen == sorted(seen)
    assert sum(1 for _row in store.rows(LOGS)) == 750
    assert len({row.xact_id for row in store.rows(LOGS)}) == 75
    assert is_sound(path)


def test_reading_takes_no_lock_away_from_the_writer_of_the_same_process(
    store: SqliteStore, path: Path
) -> None:
    """Closing another handle of the file would; the next process to close it then removes the log in use."""
    other = """
        import sys
        from pathlib import Path
        from finished_spans import finished
        from spanscore.store import SqliteStore
        store = SqliteStore(Path(sys.argv[1]))
        store.deliver([finished(span_id=int(sys.argv[2]))])
        store.close()
    """
    for number in range(1, 5):
        store.deliver([finished(span_id=number)])
        assert len(list(store.rows(LOGS))) == 2 * number - 1
        finish(child(other, path, 100 + number))
    store.deliver([finished(span_id=5)])
    assert len(list(store.rows(LOGS))) == 9
    store.close()
    assert is_sound(path)


def test_nothing_delivered_is_lost_by_sigkill(store: SqliteStore, path: Path) -> None:
    writer = """
        import sys
        from pathlib import Path
        from finished_spans import finished
        from spanscore.store import SqliteStore
        store = SqliteStore(Path(sys.argv[1]))
        for number in range(1, 1_000_000):
            store.deliver([finished(span_id=number)])
            print(f"{number:016x}", flush=True)
    """
    for _round in range(3):
        process = child(writer, path)
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _line in range(200)]
        process.send_signal(signal.SIGKILL)
        told += process.communicate()[0].split()
        kept = {row.id for row in store.rows(LOGS)}
        assert [row_id for row_id in told if len(row_id) == 16 and row_id not in kept] == []
        assert is_sound(path)


def test_a_forked_child_opens_its_own_connection(path: Path) -> None:
    program = """
        import os, sys
        from pathlib import Path
        from finished_spans import finished
        from spanscore.store import SqliteStore
        store = SqliteStore(Path(sys.argv[1]))
        store.deliver([finished(span_id=1)])
        inherited = store._connection
        pid = os.fork()
        if pid == 0:
            store.deliver([finished(span_id=2)])
            os._exit(0 if store._connection is not inherited else 1)
        assert os.waitpid(pid, 0)[1] == 0
        store.deliver([finished(span_id=3)])
    """
    finish(child(program, path))
    assert [row.span_id[-1] for row in SqliteStore(path).rows(LOGS)] == ["1", "2", "3"]


def test_a_newer_file_is_refused_and_left_as_it_is(path: Path) -> None:
    newer = SqliteStore(path, steps=(*SqliteStore(path)._known_steps(), "CREATE TABLE later (x)"))
    newer.deliver([finished()])
    newer.close()
    before = path.read_bytes()
    store = SqliteStore(path)
    for use in (lambda: store.deliver([finished()]), lambda: store.trace("latest")):
        with pytest.raises(
            StoreVersionError, match=r"has version (\d+) and this spanscore knows versions up to \d+; upgrade"
        ):
            use()
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"no database at all", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_file_that_is_no_store_is_never_overwritten(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    store = SqliteStore(path)
    for use in (
        lambda: store.deliver([finished()]),
        lambda: store.trace("latest"),
        lambda: store.search("x"),
    ):
        with pytest.raises(StoreCorruptError, match="left as it is; move it away, or set SPANSCORE_HOME"):
            use()
    assert path.read_bytes() == content


def test_the_database_of_another_program_is_never_touched(path: Path) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = path.read_bytes()
    store = SqliteStore(path)
    for use in (lambda: store.deliver([finished()]), lambda: store.trace("latest")):
        with pytest.raises(StoreCorruptError, match="is a database of another program"):
            use()
    assert path.read_bytes() == before


def test_a_damaged_store_says_so(path: Path) -> None:
    store = SqliteStore(path)
    for number in range(1, 200):
        store.deliver([finished({"braintrust.input": "x" * 500}, span_id=number)])
    store.close()
    content = path.read_bytes()
    damaged = content[:8192] + b"\xff" * (len(content) - 8192)
    path.write_bytes(damaged)
    with pytest.raises(StoreCorruptError, match="left as it is"):
        list(SqliteStore(path).rows(LOGS))
    with pytest.raises(StoreCorruptError, match="left as it is"):
        store.deliver([finished(span_id=1000)])
    store.close()
    assert path.read_bytes() == damaged


def test_a_folder_that_cannot_be_made() -> None:
    with pytest.raises(StoreReadOnlyError, match="make it and its folder writable, or set SPANSCORE_HOME"):
        SqliteStore(Path("/proc/spanscore-test/spanscore.db")).deliver([finished()])


def test_a_read_only_folder_can_be_read_but_not_written(path: Path) -> None:
    """Run by a user who is not root, to whom modes mean nothing."""
    program = """
        import os, sys, tempfile
        from pathlib import Path
        from finished_spans import PROJECT, finished
        from spanscore.errors import StoreReadOnlyError
        from spanscore.store import SqliteStore
        from spanscore.wire.parent import Parent
        home = Path(tempfile.mkdtemp(dir="/tmp"))
        file = home / "spanscore.db"
        store = SqliteStore(file)
        store.deliver([finished()])
        rows = list(store.rows(Parent.parse(PROJECT)))
        store.close()
        file.chmod(0o444)
        home.chmod(0o555)
        if os.getuid() == 0:
            os.setuid(65534)
        try:
            assert list(SqliteStore(file).rows(Parent.parse(PROJECT))) == rows
            try:
                SqliteStore(file).deliver([finished(span_id=2)])
            except StoreReadOnlyError as error:
                print(error)
        finally:
            print(home)
    """
    said, home = finish(child(program)).splitlines()
    assert said == (
        f"{home}/spanscore.db: attempt to write a readonly database; "
        "make it and its folder writable, or set SPANSCORE_HOME to another folder"
    )


def test_a_lock_that_is_held_too_long(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spanscore.store._connection.BUSY_TIMEOUT_S", 0.01)
    holder = SqliteStore(path)
    holder.deliver([finished()])
    other = connect_to_write(path)
    other.execute("BEGIN IMMEDIATE")
    store = SqliteStore(path)
    with pytest.raises(StoreBusyError, match="another process holds it"):
        store.deliver([finished(span_id=2)])
    other.execute("ROLLBACK")
    store.deliver([finished(span_id=2)])
    other.close()
    store.close()
    holder.close()


def test_an_interrupted_reader_lets_go_of_its_connection(store: SqliteStore) -> None:
    store.deliver([finished(span_id=number) for number in range(1, 5)])
    rows = store.rows(LOGS)
    assert next(rows).span_id[-1] == "1"
    rows.close()  # pyright: ignore[reportAttributeAccessIssue] - it is a generator
    assert len(list(store.rows(LOGS))) == 4


def test_store_that_is_forgotten_closes_its_file(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db")
    store.register_experiment(ExperimentRequest(project="p"))
    connection = store._connection
    assert connection is not None
    del store
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")
