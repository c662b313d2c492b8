"""A finished span as a row: the one mapping, for spans of ours, of the OpenTelemetry SDK and out of OTLP."""

from functools import lru_cache
from typing import Any, Final

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from spanscore._json import JsonText, from_json
from spanscore.errors import ParentError
from spanscore.store._attributes import as_json, printable
from spanscore.store._error import error_text
from spanscore.store._fields import FIELD_OF, Fields, map_attributes
from spanscore.store._gen_ai import has_messages
from spanscore.store._label import label
from spanscore.store._origin import is_complete, with_origin
from spanscore.wire import attributes as keys
from spanscore.wire.parent import Parent
from spanscore.wire.records import FinishedSpan, Ids
from spanscore.wire.rows import VALUE_FIELDS, Row

DEFAULT_PARENT: Final = "project_name:default-otel-project"
"""Container of spans that name none."""

_ANY: Final = frozenset(VALUE_FIELDS)
_LAST_NS: Final = (1 << 63) - 1
_NO_SCORES: Final = frozenset({"name", "type", "purpose", "exec_counter", "generation", "log_level"})


def ingest(span: ReadableSpan, *, default_parent: str = DEFAULT_PARENT) -> Row:
    """The row of a finished span; never raises, whatever its attributes are.

    `default_parent` is the text of the container of a span that names none, such as the header `x-bt-parent`
    gives. Attributes that no field takes become metadata under their own keys.
    """
    attributes: Any = span.attributes
    fields: Fields = {}
    rest: dict[str, Any] = {}
    # A copy is far cheaper than reading the SDK's locked mapping key by key.
    for key, value in attributes.copy().items() if attributes else ():
        if type(value) is JsonText and (field := FIELD_OF.get(key)) and (field in _ANY or value[:1] == "{"):
            fields[field] = value
        else:
            rest[key] = value
    if isinstance(rest.get(keys.TAGS), (list, tuple)):
        fields["tags"] = as_json(rest.pop(keys.TAGS))
    parent = _take_parent(rest) or (default_parent if is_parent(default_parent) else DEFAULT_PARENT)
    return _row(span, parent, fields, rest)


def _take_parent(rest: dict[str, Any]) -> str | None:
    parent = rest.get(keys.PARENT)
    if isinstance(parent, str) and is_parent(parent):
        del rest[keys.PARENT]
        return parent
    return None


@lru_cache(maxsize=1024)
def is_parent(text: str) -> bool:
    """Whether the text names a container."""
    try:
        Parent.parse(text)
    except ParentError:
        return False
    return printable(text) == text


def _row(span: ReadableSpan, parent: str, fields: Fields, rest: dict[str, Any]) -> Row:
    events = span.events
    status = span.status
    if events or status.status_code is StatusCode.ERROR:
        error = error_text(events, status, rest.get(keys.ERROR_TYPE))
        if error is not None:
            fields["error"] = as_json(error)
    told = map_attributes(fields, rest, events) if rest or has_messages(events) else None
    if not is_complete(fields.get("context")):
        _add_origin(span, fields)
    kind, name, _purpose = label(fields.get("span_attributes"))
    if kind == "scorer":
        kind = "score"
        _take_legacy_scores(fields)
    trace_id, own_id, above = span.ids if isinstance(span, FinishedSpan) else _ids(span)
    span_id = f"{own_id:016x}"
    start = span.start_time or 0
    return Row(
        parent=parent,
        id=span_id,
        span_id=span_id,
        root_span_id=f"{trace_id:032x}",
        parent_span_id=None if above is None else f"{above:016x}",
        name=name or printable(str(span.name)),
        type=kind or told or "task",
        start_ns=min(start, _LAST_NS),
        end_ns=min(span.end_time or start, _LAST_NS),
        fields=fields,
    )


def _ids(span: ReadableSpan) -> Ids:
    context, above = span.get_span_context(), span.parent
    trace_id, span_id = (context.trace_id, context.span_id) if context else (0, 0)
    return trace_id, span_id, above.span_id if above else None


def _add_origin(span: ReadableSpan, fields: Fields) -> None:
    scope = span.instrumentation_scope
    version = span.resource.attributes.get("telemetry.sdk.version")
    fields["context"] = with_origin(
        fields.get("context"), str(version) if version else None, scope.name if scope is not None else None
    )


def _take_legacy_scores(fields: Fields) -> None:
    """Scores that stand among the span attributes, as one old specification has them."""
    given: dict[str, Any] = from_json(fields["span_attributes"])
    scores = {name: value for name, value in given.items() if _is_score(name, value)}
    if scores and "scores" not in fields:
        fields["scores"] = as_json(scores)
        fields["span_attributes"] = as_json({key: given[key] for key in given if key not in scores})


def _is_score(name: str, value: Any) -> bool:
    return name not in _NO_SCORES and isinstance(value, (int, float)) and not isinstance(value, bool)
