"""The embedded store in a program that forks: real forks, and what is in the file afterwards."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from finished_spans import PROJECT
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent

pytestmark = [
    pytest.mark.core,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork"),
]

TESTS = Path(__file__).parent.parent
START = """
import os, resource, sys, threading, time
from pathlib import Path
from finished_spans import PROJECT, finished
from spanscore.errors import RetryLaterError, StoreBusyError
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent
store = SqliteStore(Path(sys.argv[1]))
def refused(store):
    try:
        store.deliver([finished(span_id=9)])
    except RetryLaterError as error:
        return "another process stores them" in str(error)
    return False
"""


def run(path: Path, code: str) -> None:
    """Run a program of its own, so that no store of another test takes part in its forks."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])}
    command = [sys.executable, "-c", START + textwrap.dedent(code), str(path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def stored(path: Path) -> list[str]:
    return sorted(row.span_id[-1] for row in SqliteStore(path).rows(Parent.parse(PROJECT)))


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), 9)", "os._exit(9)", "sys.exit(9)"])
def test_rows_of_a_child_are_there_after_its_parent_closed_first(path: Path, end: str) -> None:
    program = f"""
        store.deliver([finished(span_id=1)])
        closed, tell = os.pipe()
        pid = os.fork()
        if pid == 0:
            store.deliver([finished(span_id=2)])
            os.close(tell)
            os.read(closed, 1)
            store.deliver([finished(span_id=3)])
            {end}
        time.sleep(0.3)
        store.close()
        os.close(tell)
        assert os.waitpid(pid, 0)[1] in (9, 9 << 8)
    """
    run(path, program)
    assert stored(path) == ["1", "2", "3"]


def test_child_of_a_fork_that_could_not_wait_leaves_the_file_to_others(path: Path) -> None:
    """No store of that file, old or new, reads or writes it there; and the child ends as usual."""
    program = """
        store.deliver([finished(span_id=1)])
        inside, leave = threading.Event(), threading.Event()
        def work():
            with store._writing():
                inside.set()
                leave.wait(30)
        thread = threading.Thread(target=work)
        thread.start()
        inside.wait(10)
        pid = os.fork()
        if pid == 0:
            assert refused(store) and refused(SqliteStore(Path(sys.argv[1])))
            try:
                list(store.rows(Parent.parse(PROJECT)))
            except StoreBusyError:
                store.close()
                del store
                sys.exit(7)
            sys.exit(1)
        leave.set()
        thread.join()
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
        store.deliver([finished(span_id=2)])
    """
    run(path, program)
    assert stored(path) == ["1", "2"]


def test_child_forked_while_rows_are_read_leaves_the_file_to_others(path: Path) -> None:
    program = """
        store.deliver([finished(span_id=1), finished(span_id=2)])
        rows = store.rows(Parent.parse(PROJECT))
        next(rows)
        pid = os.fork()
        if pid == 0:
            sys.exit(7 if refused(store) else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
        assert len(list(rows)) == 1
        pid = os.fork()
        if pid == 0:
            store.deliver([finished(span_id=3)])
            os._exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    """
    run(path, program)
    assert stored(path) == ["1", "2", "3"]


def test_store_that_is_open_reads_no_more_files_of_queries(path: Path) -> None:
    program = """
        store.deliver([finished(span_id=1)])
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        store.deliver([finished(span_id=1), finished(span_id=2)])
    """
    run(path, program)
    assert stored(path) == ["1", "2"]
