"""The container that a span belongs to, as text and as a value."""

from dataclasses import dataclass
from enum import Enum

from spanscore.errors import ParentError


class ParentKind(str, Enum):
    """What kind of container a parent names."""

    PROJECT_ID = "project_id"
    PROJECT_NAME = "project_name"
    EXPERIMENT_ID = "experiment_id"
    PLAYGROUND_ID = "playground_id"


@dataclass(frozen=True, slots=True)
class Parent:
    """A container such as `experiment_id:0b1c…` or `project_name:support bot`.

    The text form is what the attribute `braintrust.parent` and the header `x-bt-parent` carry.

    >>> str(Parent.parse("project_name:support bot"))
    'project_name:support bot'
    """

    kind: ParentKind
    value: str

    @classmethod
    def parse(cls, text: str) -> "Parent":
        """Parse "experiment_id:<id>" or "project_name:<name>". Raises ParentError naming the text it got."""
        kind, separator, value = text.partition(":")
        known = [member.value for member in ParentKind]
        if not separator or not value or kind not in known:
            raise ParentError(f"{text!r} is no parent; give one of {', '.join(f'{k}:…' for k in known)}")
        return cls(ParentKind(kind), value)

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.value}"
