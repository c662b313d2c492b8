"""The file that a command writes."""

from pathlib import Path

import pytest

from spanscore.cli._output_file import output_file
from spanscore.errors import ConfigError

pytestmark = pytest.mark.core


def test_a_file_and_standard_output(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for path in (tmp_path / "out", None):
        with output_file(path) as file:
            file.write(b"text")
            file.flush()
    assert ((tmp_path / "out").read_bytes(), capfdbinary.readouterr().out) == (b"text", b"text")


def test_what_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written: Is a directory"), output_file(tmp_path):
        pass
