"""Where the workers of pytest-xdist meet: the first to need an experiment makes it, the others join."""

from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spanscore._json import from_json, to_json
from spanscore.wire.seams import ExperimentRef

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    fcntl = None

if TYPE_CHECKING:
    from types import TracebackType


class Meeting:
    """A folder with a file for each experiment; as a context manager it is one process's alone.

    A process that dies inside lets go of it. Where files cannot be locked (Windows), workers that come at the
    same moment may make an experiment each.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: Any = None

    def __enter__(self) -> "Meeting":
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = (self.folder / "lock").open("a")
        if fcntl is not None:
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        return self

    def __exit__(
        self,
        kind: "type[BaseException] | None",
        error: BaseException | None,
        traceback: "TracebackType | None",
    ) -> None:
        lock, self._lock = self._lock, None
        lock.close()

    def read(self, project: str, name: str | None) -> ExperimentRef | None:
        """The experiment that somebody has made for this project and wanted name."""
        path = self._path(project, name)
        return _read(path) if path.exists() else None

    def write(self, project: str, name: str | None, made: ExperimentRef) -> None:
        """Tell the others of the experiment."""
        self._path(project, name).write_text(to_json(asdict(made)), encoding="utf-8")

    def everything(self) -> list[ExperimentRef]:
        """All experiments that were made, the oldest first."""
        return sorted(map(_read, self.folder.glob("*.json")), key=lambda made: made.created_ns)

    def _path(self, project: str, name: str | None) -> Path:
        digest = sha256(to_json([project, name]).encode("utf-8", "replace")).hexdigest()
        return self.folder / f"{digest[:32]}.json"


def _read(path: Path) -> ExperimentRef:
    return ExperimentRef(**from_json(path.read_text(encoding="utf-8")))
