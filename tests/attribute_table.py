"""Lines of the attribute table: what goes into a span, and what its row has then."""

from dataclasses import dataclass, field
from typing import Any

from opentelemetry.sdk.trace import Event

from finished_spans import START_NS, finished
from spanscore.store import ingest
from spanscore.wire.rows import FIELDS

ORIGIN = {
    "span_origin": {
        "name": "opentelemetry",
        "version": "1.45.2",
        "instrumentation": {"name": "test.scope"},
    }
}


@dataclass(frozen=True)
class Mapped:
    """A line of the table: attributes and events, and the fields that they make."""

    name: str
    attributes: dict[str, Any]
    fields: dict[str, Any]
    type: str = "task"
    events: list[Event] = field(default_factory=list)
    span_name: str = "span"


def check(line: Mapped) -> None:
    """Ingest the line's span and compare every field of the row."""
    row = ingest(finished(line.attributes, events=line.events, name="span"))
    expected: dict[str, Any] = dict.fromkeys(FIELDS)
    expected |= {
        "metrics": {"start": START_NS / 1e9, "end": START_NS / 1e9 + 1, **line.fields.get("metrics", {})},
        "context": ORIGIN,
    }
    expected |= {key: value for key, value in line.fields.items() if key != "metrics"}
    about = {"name": line.span_name, "type": line.type, **line.fields.get("span_attributes", {})}
    assert {name: row.as_dict()[name] for name in FIELDS} == expected | {"span_attributes": about}
