"""A run of pytest over two xdist workers whose tests record."""

import os
import sys
from pathlib import Path

import pytest

from faults.programs.recording import finish

if __name__ == "__main__":
    cases = Path(__file__).with_name("xdist_cases.py")
    options = [
        "-n2",
        "-q",
        "-p",
        "no:cacheprovider",
        f"--rootdir={cases.parent}",
        "-p",
        "xdist",
        "-c",
        "/dev/null",
    ]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    status = pytest.main([*options, str(cases)])
    finish()
    sys.exit(int(status))
