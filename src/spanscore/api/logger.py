"""The logger: production traces of a project."""

from typing import Any

from spanscore.api._recording import ensure_recording
from spanscore.tracing import CURRENT_LOGGER, Span, start_span
from spanscore.wire.parent import Parent, ParentKind


class Logger:
    """The logs of one project. Made by `init_logger`."""

    def __init__(self, parent: Parent) -> None:
        self._parent = parent

    @property
    def parent(self) -> str:
        """The container of the logger's spans, such as "project_name:support bot"."""
        return str(self._parent)

    @property
    def project(self) -> str:
        """The project's name or id, as given."""
        return self._parent.value

    def start_span(self, name: str, *, type: str | None = None, **fields: Any) -> Span:  # noqa: A002
        """A started span that begins a trace in this project's logs; `fields` are those of `Span.log`."""
        return start_span(name, type=type, parent=self.parent, **fields)

    def log(self, **fields: Any) -> str:
        """The id of the row made of one event, a trace of a single span; `fields` are those of `Span.log`."""
        span = self.start_span("log", **fields)
        span.end()
        return span.id

    def flush(self, timeout_s: float = 30.0) -> bool:
        """True if every span finished so far was stored within `timeout_s` seconds."""
        return bool(ensure_recording().outbox.flush(timeout_s))


def init_logger(
    project: str | None = None, *, project_id: str | None = None, set_current: bool = True
) -> Logger:
    """The logger of a project, with recording switched on.

    Without `project` and `project_id` it is that of BRAINTRUST_PARENT, BRAINTRUST_PROJECT_ID or
    BRAINTRUST_PROJECT, in this order, else "default". With `set_current` spans that belong nowhere else go to
    this project's logs.

    >>> from spanscore import init_logger
    >>> init_logger("support bot").parent
    'project_name:support bot'
    """
    connection = ensure_recording()
    if project_id is not None:
        parent = Parent(ParentKind.PROJECT_ID, project_id)
    elif project:
        parent = Parent(ParentKind.PROJECT_NAME, project)
    else:
        parent = Parent.parse(connection.settings.parent)
    logger = Logger(parent)
    if set_current:
        CURRENT_LOGGER.set(logger)
    return logger


def current_logger() -> Logger | None:
    """The logger last made current here, else in the process; None if there is none."""
    found = CURRENT_LOGGER.get()
    return found if isinstance(found, Logger) else None
