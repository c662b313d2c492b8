"""Which rows are meant, by what stands in them."""

import argparse
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

from spanscore._json import to_json
from spanscore.wire.rows import FIELDS, Row

_OF_THE_ROW: Final = ("id", "span_id", "root_span_id", "parent_span_id", "is_root", "name", "type", "created")
_ANY_SIZE: Final = 1 << 40


class RowFilter(NamedTuple):
    """A dotted path into a row, such as "metadata.user.plan", and what its value has to match."""

    path: tuple[str, ...]
    pattern: "re.Pattern[str]"

    def matches(self, row: Row) -> bool:
        """Whether what stands there begins as the pattern says: text as it is, everything else as JSON."""
        found: Any = getattr(row, self.path[0])
        for name in self.path[1:]:
            found = _below(found, name)
        if found is None:
            return False
        text = found if isinstance(found, str) else to_json(found, max_bytes=_ANY_SIZE, redact=False)
        return self.pattern.match(text) is not None


def row_filter(text: str) -> RowFilter:
    """The filter in `PATH=REGEX`, for argparse."""
    path, mark, pattern = text.partition("=")
    names = tuple(path.strip().split("."))
    if not mark or names[0] not in (*FIELDS, *_OF_THE_ROW):
        known = ", ".join((*FIELDS, "name", "type", "id"))
        raise argparse.ArgumentTypeError(f"{text!r} is no PATH=REGEX whose path begins with one of {known}")
    try:
        return RowFilter(names, re.compile(pattern))
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{pattern!r} is no regular expression: {error}") from None


def _below(value: Any, name: str) -> Any:
    if isinstance(value, Mapping):
        return cast("Mapping[str, Any]", value).get(name)
    if isinstance(value, Sequence) and not isinstance(value, str) and name.isdecimal():
        items = cast("Sequence[Any]", value)
        return items[int(name)] if int(name) < len(items) else None
    return None
