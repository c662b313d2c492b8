"""What tells a file from what it was before, without reading it."""

from collections.abc import Iterable
from pathlib import Path

Mark = tuple[int, int, int]
"""Time of the last change in nanoseconds, size, and number of the file on its disk."""

Marks = dict[Path, Mark | None]
"""Of each file by its whole path; None for one that is not there."""


def mark(path: Path) -> Mark | None:
    """The file's mark, None if there is no file. A file that is put in the place of another has its own."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def marks_of(paths: Iterable[Path]) -> Marks:
    """The marks of files and folders."""
    return {path.resolve(): mark(path) for path in paths}
