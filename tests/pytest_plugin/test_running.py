"""Notes of what workers run."""

import subprocess
import sys
from pathlib import Path

import pytest

from spanscore.pytest_plugin._identity import TestIdentity
from spanscore.pytest_plugin._running import RunningTest, forget, note, take

pytestmark = pytest.mark.core


def identity(node_id: str) -> TestIdentity:
    return TestIdentity(
        name=node_id, node_id=node_id, case_key=node_id, parameters={"n": 1}, trial_index=0, attempt=1
    )


def test_what_was_left_behind_is_taken_once(tmp_path: Path) -> None:
    note(tmp_path, identity("a.py::before"), {}, "experiment_id:e")
    note(tmp_path, identity("a.py::test"), {"expected": "fine", "key": "sk-1"}, "experiment_id:e")
    assert take(tmp_path, "a.py::before") is None
    found = take(tmp_path, "a.py::test")
    assert found is not None
    assert found == RunningTest(
        identity=identity("a.py::test"),
        told={"expected": "fine", "key": "sk-1"},
        parent="experiment_id:e",
        start_ns=found.start_ns,
    )
    assert take(tmp_path, "a.py::test") is None


def test_a_test_that_is_over_leaves_nothing(tmp_path: Path) -> None:
    note(tmp_path, identity("a.py::test"), {}, "experiment_id:e")
    forget(tmp_path)
    forget(tmp_path)
    assert (take(tmp_path, "a.py::test"), list(tmp_path.iterdir())) == (None, [])


def test_each_process_has_a_note_of_its_own(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from spanscore.pytest_plugin._identity import TestIdentity\n"
        "from spanscore.pytest_plugin._running import note\n"
        "each = TestIdentity(name='x', node_id='x', case_key='x', parameters={}, trial_index=0, attempt=1)\n"
        "note(Path(sys.argv[1]), each, {}, 'p')"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)
    note(tmp_path, identity("x"), {}, "q")
    parents = {found.parent for found in (take(tmp_path, "x"), take(tmp_path, "x")) if found is not None}
    assert parents == {"p", "q"}


def test_what_cannot_be_noted_or_read_disturbs_nobody(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    note(gone, identity("x"), {}, "p")
    forget(gone)
    (tmp_path / "7.running").write_text('{"identity"')
    assert (take(gone, "x"), take(tmp_path, "x")) == (None, None)
