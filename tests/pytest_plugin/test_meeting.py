import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from spanscore.pytest_plugin._meeting import Meeting
from spanscore.wire.seams import ExperimentRef

pytestmark = pytest.mark.core


def ref(number: int) -> ExperimentRef:
    return ExperimentRef(id=str(number), name=f"e{number}", project_id="p", project="a", created_ns=number)


def test_what_one_writes_another_reads(tmp_path: Path) -> None:
    with Meeting(tmp_path / "new") as first:
        assert first.read("a", None) is None
        first.write("a", None, ref(2))
        first.write("a", "named", ref(1))
    with Meeting(tmp_path / "new") as second:
        assert (second.read("a", None), second.read("a", "named")) == (ref(2), ref(1))
        assert second.read("b", None) is None
        assert second.everything() == [ref(1), ref(2)]


def test_one_at_a_time(tmp_path: Path) -> None:
    made: list[int] = []

    def worker(number: int) -> str:
        with Meeting(tmp_path) as meeting:
            known = meeting.read("a", None)
            if known is None:
                made.append(number)
                meeting.write("a", None, ref(number))
                known = ref(number)
            return known.id

    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(worker, range(8)))
    assert names == {str(number) for number in made}
    assert len(made) == 1


def test_a_process_that_is_killed_inside_lets_go(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from spanscore.pytest_plugin._meeting import Meeting\n"
        "Meeting(Path(sys.argv[1])).__enter__(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    with Meeting(tmp_path) as meeting:
        assert meeting.everything() == []
