"""The row: what a span becomes in a store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Final

from spanscore._json import JsonText, from_json
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.row_ids import row_id_in

_NS: Final = 1_000_000_000
_OF_STORE: Final = frozenset({"is_root", "project_id", "experiment_id", "_xact_id", "comments"})

VALUE_FIELDS: Final = ("input", "output", "expected", "error")
"""Fields that hold any JSON value."""

OBJECT_FIELDS: Final = (
    "scores",
    "metadata",
    "metrics",
    "span_attributes",
    "context",
    "origin",
    "classifications",
)
"""Fields that hold a JSON object."""

LIST_FIELDS: Final = ("tags", "comments")
"""Fields that hold a JSON list."""

FIELDS: Final = VALUE_FIELDS + OBJECT_FIELDS + LIST_FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A finished span in the words of the Braintrust log row.

    `fields` has the payload as JSON text, absent fields left out; the properties parse it at each access.
    `parent` is the text of the container, `type` and `name` are those in force (the span's own where nothing
    else was said), times are Unix nanoseconds. `project_id` and `xact_id` are None until a store has given
    them.
    """

    parent: str
    id: str
    span_id: str
    root_span_id: str
    parent_span_id: str | None
    name: str
    type: str
    start_ns: int
    end_ns: int
    fields: Mapping[str, JsonText]
    project_id: str | None = None
    xact_id: str | None = None

    @property
    def given_id(self) -> str:
        """The id that the program has given the row, else that of its span, by which it is stored."""
        return row_id_in(self.fields.get("context")) or self.id

    @property
    def span_parents(self) -> tuple[str, ...]:
        """Ids of the spans above: none for the root, else one."""
        return () if self.parent_span_id is None else (self.parent_span_id,)

    @property
    def is_root(self) -> bool:
        return self.parent_span_id is None

    @property
    def created(self) -> str:
        """Start of the span, ISO 8601 in UTC with microseconds."""
        seconds, rest = divmod(self.start_ns, _NS)
        moment = datetime.fromtimestamp(seconds, timezone.utc).replace(microsecond=rest // 1000)
        return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")

    @property
    def duration_s(self) -> float:
        """Seconds from the span's start to its end."""
        return (self.end_ns - self.start_ns) / _NS

    @property
    def input(self) -> Any:
        return self._value("input")

    @property
    def output(self) -> Any:
        return self._value("output")

    @property
    def expected(self) -> Any:
        return self._value("expected")

    @property
    def error(self) -> Any:
        return self._value("error")

    @property
    def scores(self) -> dict[str, Any]:
        return self._value("scores") or {}

    @property
    def metadata(self) -> dict[str, Any]:
        return self._value("metadata") or {}

    @property
    def metrics(self) -> dict[str, Any]:
        """Measured quantities; `start` and `end` are Unix seconds."""
        times = {"start": self.start_ns / _NS, "end": self.end_ns / _NS}
        return {**times, **(self._value("metrics") or {})}

    @property
    def tags(self) -> list[str]:
        return self._value("tags") or []

    @property
    def span_attributes(self) -> dict[str, Any]:
        """`name`, `type` and, where given, `purpose` and more."""
        given: dict[str, Any] = self._value("span_attributes") or {}
        return {**given, "name": self.name, "type": self.type}

    @property
    def context(self) -> dict[str, Any]:
        return self._value("context") or {}

    @property
    def origin(self) -> dict[str, Any] | None:
        return self._value("origin")

    @property
    def classifications(self) -> dict[str, Any]:
        return self._value("classifications") or {}

    @property
    def comments(self) -> list[Any]:
        return self._value("comments") or []

    def as_dict(self) -> dict[str, Any]:
        """The row under Braintrust's names, its container's ids included; empty fields are None."""
        row: dict[str, Any] = {
            "id": self.given_id,
            "span_id": self.span_id,
            "root_span_id": self.root_span_id,
            "span_parents": list(self.span_parents) or None,
            "is_root": self.is_root,
            "created": self.created,
            **self._container_ids(),
            **{name: self._value(name) for name in FIELDS},
        }
        row["metrics"] = self.metrics
        row["span_attributes"] = self.span_attributes
        row["_xact_id"] = self.xact_id
        return row

    def as_event(self) -> dict[str, Any]:
        """The row as it is sent to be inserted: without its container, and what a store gives it."""
        told = self.as_dict()
        return {name: value for name, value in told.items() if value is not None and name not in _OF_STORE}

    def _value(self, name: str) -> Any:
        text = self.fields.get(name)
        return None if text is None else from_json(text)

    def _container_ids(self) -> dict[str, str | None]:
        parent = Parent.parse(self.parent)
        match parent.kind:
            case ParentKind.EXPERIMENT_ID:
                return {"project_id": self.project_id, "experiment_id": parent.value}
            case ParentKind.PLAYGROUND_ID:
                return {"project_id": self.project_id, "prompt_session_id": parent.value, "log_id": "x"}
            case ParentKind.PROJECT_ID:
                return {"project_id": parent.value, "log_id": "g"}
            case ParentKind.PROJECT_NAME:
                return {"project_id": self.project_id, "log_id": "g"}
