"""The logger: production traces of a project."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from time import time
from typing import TYPE_CHECKING, Any, Literal

from spanscore.api._event import checked_event, checked_update
from spanscore.api._log_records import LEVELS, Level, record_of
from spanscore.api._recording import change_account, connection_at, ensure_recording, place_in
from spanscore.api.login_state import account_of
from spanscore.errors import ConfigError, EvalError
from spanscore.tracing import (
    CURRENT_LOGGER,
    GivenIds,
    OsRandomIdGenerator,
    RemoteParent,
    Span,
    current_span,
    send_feedback,
    send_late,
    span_number,
    start_span,
    start_span_as,
)
from spanscore.wire.datasets import Project
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.slug import Slug

if TYPE_CHECKING:
    from spanscore.api.login_state import BraintrustState

_IDS = OsRandomIdGenerator()
_is_in_log_record: ContextVar[bool] = ContextVar("spanscore-in-log-record", default=False)


class Logger:
    """The logs of one project. Made by `init_logger`."""

    def __init__(self, parent: Parent, *, async_flush: bool = True) -> None:
        self._parent = parent
        self._async_flush = async_flush
        self._project: Project | None = None
        self._has_started_spans = False
        # Records of no span are one trace, so that they are found together.
        self._trace_id = f"{_IDS.generate_trace_id():032x}"

    @property
    def parent(self) -> str:
        """The container of the logger's spans, such as "project_name:support bot"."""
        return str(self._parent)

    @property
    def project(self) -> Project:
        """The project, with `id` and `name`; one that is not there is made. Raises what a login raises."""
        if self._project is None:
            is_id = self._parent.kind is ParentKind.PROJECT_ID
            name, found = (None, self._parent.value) if is_id else (self._parent.value, None)
            self._project = connection_at(self.parent).backend.open_project(name, found)
        return self._project

    @property
    def id(self) -> str:
        """The project's id; see `project`."""
        return self.project.id

    @property
    def org_id(self) -> str | None:
        """The organisation whose project it is; None with the embedded store. Raises what a login raises."""
        return connection_at(self.parent).backend.organisation_id()

    def start_span(
        self,
        name: str | None = None,
        type: str | None = None,  # noqa: A002 - Braintrust's word
        span_attributes: Mapping[str, Any] | None = None,
        start_time: float | None = None,
        set_current: bool | None = None,  # noqa: FBT001 - Braintrust's order
        parent: str | Span | RemoteParent | None = None,
        propagated_event: Mapping[str, Any] | None = None,
        span_id: str | None = None,
        root_span_id: str | None = None,
        **fields: Any,
    ) -> Span:
        """A started span that begins a trace in this project's logs; `fields` are those of `Span.log`.

        `span_id` and `root_span_id` are ids of the program's own. With `parent` it begins below that. The
        other arguments are those of `spanscore.start_span`.
        """
        self._has_started_spans = True
        name = "root" if name is None else name
        kind = "task" if type is None else type
        if span_id is None and root_span_id is None:
            where = self.parent if parent is None else parent
            return start_span(
                name, kind, span_attributes, start_time, set_current, where, propagated_event, **fields
            )
        ids = _ids(span_id, root_span_id)
        span = start_span_as(name, type=kind, parent=self.parent, ids=ids, start_time=start_time)
        told = {**(propagated_event or {}), **fields}
        return span.begun(span_attributes, told, set_current=set_current)

    def log(
        self,
        input: Any = None,  # noqa: A002 - Braintrust's word
        output: Any = None,
        expected: Any = None,
        error: BaseException | str | None = None,
        tags: Sequence[str] | None = None,
        scores: Mapping[str, float | bool | None] | None = None,
        metadata: Mapping[str, Any] | None = None,
        metrics: Mapping[str, float] | None = None,
        id: str | None = None,  # noqa: A002 - Braintrust's word
        allow_concurrent_with_spans: bool = False,  # noqa: FBT001, FBT002 - Braintrust's order
    ) -> str:
        """The id of the row made of one event, a trace of a single span.

        `id` is the program's own id of the row, which is replaced if it is there. Raises ConfigError for
        metadata, metrics or tags of a wrong kind, ScoreError for a score outside 0..1, and EvalError where
        the logger has started spans, unless `allow_concurrent_with_spans`.
        """
        if self._has_started_spans and not allow_concurrent_with_spans:
            raise EvalError(
                "this logger has started spans, and log() would make a trace of its own; log to the span "
                "instead, or say allow_concurrent_with_spans=True"
            )
        values = {"input": input, "output": output, "expected": expected}
        fields: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
        fields |= checked_event(scores=scores, metadata=metadata, metrics=metrics, tags=tags)
        fields["error"] = error
        if id is None:
            span = start_span("log", "task", parent=self.parent, **fields)
        else:
            ids = GivenIds.of(span_id=id, root_span_id=f"{self.parent}/{id}", row_id=id)
            span = start_span_as("log", type="task", parent=self.parent, ids=ids, fields=fields)
        return self._ended(span, id)

    def log_feedback(
        self,
        id: str,  # noqa: A002 - Braintrust's word
        scores: Mapping[str, float | bool | None] | None = None,
        expected: Any = None,
        tags: Sequence[str] | None = None,
        comment: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        source: Literal["external", "app", "api"] | None = None,
    ) -> None:
        """Tell what somebody thinks of a row: scores, the expected value, tags, a comment.

        `metadata` and `source` are the feedback's own. Raises ConfigError if there is nothing in it or
        something of a wrong kind, ScoreError for a score outside 0..1.
        """
        feedback = {"scores": scores, "expected": expected, "tags": tags, "comment": comment}
        told = checked_update({**feedback, "metadata": metadata, "source": source})
        send_feedback(self.parent, 0, id, told)

    def update_span(self, id: str, **event: Any) -> None:  # noqa: A002 - Braintrust's word
        """Merge `event`, whose names are those of `Span.log`, into a row that is there already.

        Raises what `log` says of metadata, metrics, tags and scores.
        """
        send_late(self.parent, 0, span_number(id), checked_update(event), row_id=id)

    def emit_log(
        self, body: Any, level: Level, metadata: Mapping[str, Any] | None = None, **parameters: Any
    ) -> str:
        """The id of the row made of a log record: text and values of its own, below the current span.

        `parameters` fill what `body` has in braces, and are kept in the metadata with the text itself; braces
        that name none of them stay. Raises ConfigError for a level that there is not.
        """
        if level not in LEVELS:
            raise ConfigError(f"{level!r} is no level of a log record; give one of {', '.join(LEVELS)}")
        if _is_in_log_record.get():
            # Recording it has itself led to a log record.
            return ""
        token = _is_in_log_record.set(True)
        try:
            return self._ended(self._record(*record_of(body, metadata, parameters), level), None)
        finally:
            _is_in_log_record.reset(token)

    def _record(self, text: Any, metadata: Mapping[str, Any] | None, level: str) -> Span:
        now = time()
        fields: dict[str, Any] = {"output": text, "metadata": metadata, "metrics": {"start": now, "end": now}}
        above = current_span()
        if above.span.get_span_context().is_valid:
            span = above.start_span("log", "log", start_time=now, **fields)
        else:
            ids = _ids(None, self._trace_id)
            span = start_span_as(
                "log", type="log", parent=self.parent, ids=ids, start_time=now, fields=fields
            )
        span.set_attributes(span_attributes={"log_level": level})
        return span

    def trace(self, body: Any, metadata: Mapping[str, Any] | None = None, **parameters: Any) -> str:
        """`emit_log` at the level "trace"."""
        return self.emit_log(body, "trace", metadata, **parameters)

    def debug(self, body: Any, metadata: Mapping[str, Any] | None = None, **parameters: Any) -> str:
        """`emit_log` at the level "debug"."""
        return self.emit_log(body, "debug", metadata, **parameters)

    def info(self, body: Any, metadata: Mapping[str, Any] | None = None, **parameters: Any) -> str:
        """`emit_log` at the level "info"."""
        return self.emit_log(body, "info", metadata, **parameters)

    def warn(self, body: Any, metadata: Mapping[str, Any] | None = None, **parameters: Any) -> str:
        """`emit_log` at the level "warn"."""
        return self.emit_log(body, "warn", metadata, **parameters)

    def error(self, body: Any, metadata: Mapping[str, Any] | None = None, **parameters: Any) -> str:
        """`emit_log` at the level "error"."""
        return self.emit_log(body, "error", metadata, **parameters)

    def fatal(self, body: Any, metadata: Mapping[str, Any] | None = None, **parameters: Any) -> str:
        """`emit_log` at the level "fatal"."""
        return self.emit_log(body, "fatal", metadata, **parameters)

    def export(self) -> str:
        """The logs as a text that other programs can begin spans in, also those of the official SDK."""
        return str(Slug(parent=self._parent))

    def flush(self, timeout_s: float = 30.0) -> bool:
        """True if every span finished so far was stored within `timeout_s` seconds."""
        return bool(connection_at(self.parent).outbox.flush(timeout_s))

    def _ended(self, span: Span, row_id: str | None) -> str:
        span.end()
        if not self._async_flush:
            self.flush()
        return span.id if row_id is None else row_id


def init_logger(
    project: str | None = None,
    project_id: str | None = None,
    async_flush: bool = True,  # noqa: FBT001, FBT002 - Braintrust's order
    app_url: str | None = None,
    api_key: str | None = None,
    org_name: str | None = None,
    force_login: bool = False,  # noqa: FBT001, FBT002 - Braintrust's order
    set_current: bool = True,  # noqa: FBT001, FBT002 - Braintrust's order
    state: "BraintrustState | None" = None,
    environment: Any = None,
) -> Logger:
    """The logger of a project, with recording switched on.

    Without `project` and `project_id` it is that of BRAINTRUST_PARENT, BRAINTRUST_PROJECT_ID or
    BRAINTRUST_PROJECT, in this order, else "default". With `set_current` spans that belong nowhere else go to
    this project's logs. Nothing is asked of anybody: a wrong key shows when spans are sent, or here with
    `force_login`. `async_flush=False` waits for the destinations after each `log`.

    `app_url`, `api_key` and `org_name`, or `state`, say which account of Braintrust's. One beside the account
    in force is logged in to here, and its project looked for or made, within 30 seconds each; what belongs to
    the project goes to that account alone. With `force_login` it is the account in force from now on. Raises
    what `login_to_state` raises, and ConfigError if the project is another account's in this process.

    >>> from spanscore import init_logger
    >>> init_logger("support bot").parent
    'project_name:support bot'
    """
    if environment is not None:
        raise ConfigError(
            "environment belongs to Braintrust's own library; give BRAINTRUST_ENVIRONMENT_TYPE and "
            "BRAINTRUST_ENVIRONMENT_NAME"
        )
    if force_login and state is None:
        connection = change_account(api_key=api_key, app_url=app_url, org_name=org_name)
        connection.backend.organisation_id()
    else:
        login = account_of(state, api_key=api_key, app_url=app_url, org_name=org_name)
        connection = ensure_recording(api_key=api_key, app_url=app_url, org_name=org_name, login=login)
    parent = Parent.parse(connection.settings.parent)
    if project_id is not None:
        parent = Parent(ParentKind.PROJECT_ID, project_id)
    elif project:
        parent = Parent(ParentKind.PROJECT_NAME, project)
    logger = Logger(place_in(connection, parent), async_flush=async_flush)
    if set_current:
        CURRENT_LOGGER.set(logger)
    return logger


def current_logger() -> Logger | None:
    """The logger last made current here, else in the process; None if there is none."""
    found = CURRENT_LOGGER.get()
    return found if isinstance(found, Logger) else None


def _ids(span_id: str | None, root_span_id: str | None) -> GivenIds:
    """These ids, and new ones where there is none."""
    return GivenIds.of(
        span_id=span_id or f"{_IDS.generate_span_id():016x}",
        root_span_id=root_span_id or f"{_IDS.generate_trace_id():032x}",
    )
