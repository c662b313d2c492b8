"""The label that a classifier gives a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Classification:
    """One of the labels of a case: `id` is for machines, `label` for people.

    Labels of one `name` stand in one list; None means the classifier's own name.

    >>> Classification("positive", name="tone", label="Positive").as_item()
    {'id': 'positive', 'label': 'Positive'}
    """

    id: str
    name: str | None = None
    label: str | None = None
    metadata: Mapping[str, Any] | None = None

    def as_item(self) -> dict[str, Any]:
        """What is stored in the list of its name: what is None is left out."""
        item: dict[str, Any] = {"id": self.id}
        if self.label is not None:
            item["label"] = self.label
        if self.metadata is not None:
            item["metadata"] = dict(self.metadata)
        return item
