"""The running of one eval file."""

import sys
import traceback
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from itertools import takewhile
from pathlib import Path
from types import ModuleType
from typing import Final

from spanscore.errors import EvalError, SpanscoreError

_OURS: Final = str(Path(__file__).parents[1])


def run_file(path: Path, *, after: Iterable[Path] = (), verbose: bool = False) -> str | None:
    """Run a file, and return the traceback if it failed, else None.

    Its folder is first on `sys.path`, then the working directory; `sys.argv` has the file alone. `after` are
    the files run before: what one of them imported from its folder makes way for a namesake in this one's.
    Of an error that the library has raised on purpose only `verbose` shows where in the library that was.
    """
    file = path.resolve()
    _forget_namesakes(file.parent, {earlier.resolve().parent for earlier in after})
    with _as_script(file):
        try:
            _execute(file)
        except SystemExit as error:
            return None if error.code in (None, 0) else _traceback(file, error)
        except Exception as error:  # noqa: BLE001 - whatever the user's file raises, the other files go on
            is_ours = isinstance(error, SpanscoreError) and not verbose
            return _traceback_to_us(file, error) if is_ours else _traceback(file, error)
    return None


def _execute(file: Path) -> None:
    # A name of its own, so that eval_a.py in two folders are two modules; in `sys.modules`, because
    # dataclasses and pickle look there.
    name = f"{file.stem}_{sha256(bytes(file)).hexdigest()[:8]}"
    spec = spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise EvalError(f"{file} is no Python file; give files that end in .py")
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


@contextmanager
def _as_script(file: Path) -> Generator[None]:
    path, argv = sys.path[:], sys.argv
    sys.path[:0] = [str(file.parent), str(Path.cwd())]
    sys.argv = [str(file)]
    try:
        yield
    finally:
        sys.path[:], sys.argv = path, argv


def _forget_namesakes(folder: Path, earlier: set[Path]) -> None:
    for name, module in list(sys.modules.items()):
        if "." not in name and _home(module) in earlier - {folder} and _has_module(folder, name):
            for loaded in [each for each in sys.modules if each == name or each.startswith(f"{name}.")]:
                del sys.modules[loaded]


def _home(module: ModuleType) -> Path | None:
    """The folder that a top-level module or package was imported from."""
    file = getattr(module, "__file__", None)
    if not isinstance(file, str):
        return None
    return Path(file).resolve().parents[1 if hasattr(module, "__path__") else 0]


def _has_module(folder: Path, name: str) -> bool:
    return (folder / f"{name}.py").exists() or (folder / name / "__init__.py").exists()


def _traceback(file: Path, error: BaseException) -> str:
    """The traceback from the user's file on; without our frames and the import system's."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename != str(file):
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(error), error, frames))


def _traceback_to_us(file: Path, error: BaseException) -> str:
    """The frames from the user's file to the call of ours, and the message; not what led to it within."""
    frames = traceback.extract_tb(error.__traceback__)
    before = next((at for at, frame in enumerate(frames) if frame.filename == str(file)), 0)
    theirs = takewhile(lambda frame: not frame.filename.startswith(_OURS), frames[before:])
    way = traceback.format_list(list(theirs))
    head = ["Traceback (most recent call last):\n"] if way else []
    return "".join((*head, *way, *traceback.format_exception_only(error)))
