"""A trial as it is stored, to be scored again: the output is there, the task does not run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spanscore._counted import counted
from spanscore._json import JsonText
from spanscore.errors import EvalError
from spanscore.evals._case import EvalCase
from spanscore.wire.rows import Row
from spanscore.wire.trials import IDENTITY


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTrial:
    """What a task has left of a trial.

    `metadata` and `tags` are as the task left them. `error` is what the task failed with; there is no output
    then. `rows` are those of the trial's trace, the `eval` span's first.
    """

    output: Any
    output_json: JsonText
    error: EvalError | None
    metadata: Mapping[str, Any]
    tags: tuple[str, ...]
    rows: Sequence[Row]

    @property
    def trace_id(self) -> str:
        """The trace that it is from, 32 hexadecimal digits."""
        return self.rows[0].root_span_id

    @property
    def span_id(self) -> str:
        """The `eval` span that it is from, 16 hexadecimal digits."""
        return self.rows[0].span_id

    @property
    def case(self) -> EvalCase:
        """The case as it is stored."""
        root = self.rows[0]
        return EvalCase(
            input=root.input,
            expected=root.expected,
            metadata=self.metadata or None,
            tags=self.tags,
            origin=root.origin,
        )


def stored_trial(rows: Sequence[Row]) -> StoredTrial:
    """The trial of a trace. Raises EvalError where the trace has no finished `eval` span."""
    root = next((row for row in rows if row.is_root and row.type == "eval"), None)
    if root is None:
        raise EvalError(
            f"a trace of {counted(len(rows), 'span')} has no finished eval span; run its case again"
        )
    return StoredTrial(
        output=root.output,
        output_json=root.fields.get("output", JsonText("null")),
        error=_error(root),
        metadata={key: value for key, value in root.metadata.items() if key not in IDENTITY},
        tags=tuple(root.tags),
        rows=(root, *(row for row in rows if row is not root)),
    )


def _error(root: Row) -> EvalError | None:
    if "error" not in root.fields:
        return None
    error = root.error
    return EvalError(error if isinstance(error, str) else str(root.fields["error"]))
