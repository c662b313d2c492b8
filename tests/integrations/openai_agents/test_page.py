"""What the page about frameworks says of the Agents SDK runs as printed."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent
PAGE = ROOT / "docs" / "frameworks.md"


def test_the_program_runs(tmp_path: Path) -> None:
    (program,) = re.findall(r"^```py\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    script = tmp_path / "program.py"
    script.write_text(program)
    environment = {**os.environ, "OPENAI_API_KEY": "none", "SPANSCORE_HOME": str(tmp_path / "home")}
    ran = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stderr
