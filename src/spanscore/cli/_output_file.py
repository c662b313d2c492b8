"""The file that a command writes."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from spanscore.errors import ConfigError


@contextmanager
def output_file(path: Path | None) -> Generator[BinaryIO]:
    """The file to write to, or standard output for None. Raises ConfigError if it cannot be written."""
    if path is None:
        yield sys.stdout.buffer
        return
    try:
        file = path.open("wb")
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}") from None
    with file:
        yield file
