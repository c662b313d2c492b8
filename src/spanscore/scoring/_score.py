"""The score that a scorer gives a case."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Score:
    """A named score in 0..1, or None where the scorer skipped the case; `metadata` is shown beside it.

    >>> Score("accuracy", 0.5)
    Score(name='accuracy', score=0.5, metadata={})
    """

    name: str
    score: float | None = None
    metadata: dict[str, Any] = field(default_factory=dict[str, Any])
