"""Running again when a file changes."""

import importlib
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, NoReturn

from spanscore._counted import counted
from spanscore.cli._eval_files import walked_folders
from spanscore.cli._file_marks import Marks, mark, marks_of
from spanscore.cli._searched_modules import SearchedModules
from spanscore.errors import SpanscoreError

_POLL_S: Final = 0.3
_MOST_OF_THE_TIME: Final = 0.05
"""What looking may take of the time, however many folders there are."""

_SETTLING_S: Final = 1.0
_CLEAR: Final = "\x1b[2J\x1b[3J\x1b[H"


def watch(run: Callable[[], object], files: Callable[[], Iterable[Path]], paths: Iterable[Path]) -> NoReturn:
    """Call `run` now, and again whenever a file changes that it used, until Ctrl-C.

    Those are `files`, which are found among `paths` anew each time, and the modules that they imported or
    failed to import, except installed ones; they are imported anew. What changes while `run` runs counts.
    Errors of the library are printed, since the next change may mend them.
    """
    # A module that is edited twice within a second, and stays as long, would else be taken from the cache.
    sys.dont_write_bytecode = True
    while True:
        if sys.stdout.isatty():
            print(_CLEAR, end="", flush=True)
        importlib.invalidate_caches()
        watched = Watched(files, paths)
        with SearchedModules() as modules:
            try:
                run()
            except SpanscoreError as error:
                print(f"spanscore: {error}", file=sys.stderr)
        watched.marks |= modules.marks()
        count = sum(each is not None for each in watched.marks.values())
        print(f"watching {counted(count, 'file')}; Ctrl-C ends", file=sys.stderr, flush=True)
        watched.wait()
        modules.forget()


class Watched:
    """The files of a run as they were before it, and the folders in which others may come."""

    def __init__(self, files: Callable[[], Iterable[Path]], paths: Iterable[Path]) -> None:
        self._files = files
        self._paths = list(paths)
        self._folders = marks_of(walked_folders(self._paths))
        self.marks: Marks = marks_of([*self._find(), *(path for path in self._paths if not path.is_dir())])

    def wait(self) -> None:
        """Return when a file is another than before, has come or gone, and no more is written."""
        pause = _POLL_S
        while not self._is_other():
            time.sleep(pause)
            began = time.perf_counter()
            self._look_into_folders()
            pause = max(_POLL_S, (time.perf_counter() - began) / _MOST_OF_THE_TIME)

    def _is_other(self) -> bool:
        """Whether something is, once it has settled: editors take files away before they put others there."""
        if not self._has_changed():
            return False
        until = time.monotonic() + _SETTLING_S
        now, before = self._now(), None
        while now != before or (self._lacks_one(now) and time.monotonic() < until):
            time.sleep(_POLL_S / 3)
            now, before = self._now(), now
        return self._has_changed()

    def _lacks_one(self, now: Marks) -> bool:
        return any(found is None and self.marks[path] is not None for path, found in now.items())

    def _has_changed(self) -> bool:
        return self._now() != self.marks

    def _now(self) -> Marks:
        return {path: mark(path) for path in self.marks}

    def _look_into_folders(self) -> None:
        """A folder's time changes with what comes into it and goes; only then it is searched again."""
        if marks_of(self._folders) == self._folders:
            return
        self._folders = marks_of(walked_folders(self._paths))
        for file in self._find():
            self.marks.setdefault(file.resolve())

    def _find(self) -> list[Path]:
        try:
            return list(self._files())
        except SpanscoreError:
            return []
