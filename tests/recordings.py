"""The folder of recorded provider traffic, which SPANSCORE_RECORDINGS names."""

import os
from pathlib import Path

import pytest


def recording(name: str) -> Path:
    """The file of a recording; skips the test where there is no folder, unless the run requires it."""
    folder = os.environ.get("SPANSCORE_RECORDINGS")
    if folder and Path(folder).is_dir():
        return Path(folder) / f"{name}.json"
    missing = f"SPANSCORE_RECORDINGS is {folder!r}; name the folder of recorded provider traffic"
    if os.environ.get("SPANSCORE_REQUIRE_RECORDINGS"):
        pytest.fail(missing)
    pytest.skip(missing)
