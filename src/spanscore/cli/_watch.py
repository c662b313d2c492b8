"""Running again when a file changes."""

import sys
import sysconfig
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, NoReturn

from spanscore.errors import SpanscoreError

_POLL_S: Final = 0.3
_CLEAR: Final = "\x1b[2J\x1b[3J\x1b[H"


def watch(run: Callable[[], object], files: Callable[[], Iterable[Path]]) -> NoReturn:
    """Call `run` now, and again whenever a file changes that it used, until Ctrl-C.

    Those are `files` and the modules that they imported, except installed ones; they are imported anew.
    Errors of the library are printed, since the next change may mend them.
    """
    while True:
        if sys.stdout.isatty():
            print(_CLEAR, end="", flush=True)
        before = set(sys.modules)
        watched: dict[Path, float | None] = {}
        try:
            run()
            watched = _times(files())
        except SpanscoreError as error:
            print(f"spanscore: {error}", file=sys.stderr)
        imported = modules_of_program(set(sys.modules) - before)
        watched |= _times(imported.values())
        print(f"watching {len(watched)} files; Ctrl-C ends", file=sys.stderr, flush=True)
        wait_for_change(watched)
        for name in imported:
            sys.modules.pop(name, None)


def modules_of_program(names: Iterable[str]) -> Mapping[str, Path]:
    """The files of those modules that are the user's own: neither installed nor the standard library's."""
    installed = [Path(sysconfig.get_path(each)).resolve() for each in ("stdlib", "purelib", "platlib")]
    ours = Path(__file__).resolve().parents[1]
    found: dict[str, Path] = {}
    for name in names:
        file = getattr(sys.modules.get(name), "__file__", None)
        if isinstance(file, str):
            path = Path(file).resolve()
            if not any(path.is_relative_to(folder) for folder in (*installed, ours)):
                found[name] = path
    return found


def wait_for_change(watched: Mapping[Path, float | None]) -> None:
    """Return when the time of one of the files is another than that given, or one has come or gone."""
    while _times(watched) == watched:
        time.sleep(_POLL_S)


def _times(files: Iterable[Path]) -> dict[Path, float | None]:
    return {file.resolve(): _time(file) for file in files}


def _time(file: Path) -> float | None:
    try:
        return file.stat().st_mtime
    except OSError:
        return None
