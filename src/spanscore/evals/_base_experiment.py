"""The cases of another experiment as the data of an eval."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from spanscore._json import canonical_json, to_json
from spanscore.errors import EvalError
from spanscore.evals._case import EvalCase
from spanscore.wire.datasets import ExperimentCase
from spanscore.wire.seams import ExperimentRows
from spanscore.wire.trials import IDENTITY

_OF_THE_RUN: Final = frozenset({*IDENTITY, "cluster", "classifier_errors"})
"""Keys of a case's metadata that an eval has added."""

_ANY_SIZE: Final = 1 << 40


@dataclass(frozen=True, slots=True)
class BaseExperiment:
    """The cases of an experiment as the data of another: what changes shows in the comparison.

    `name` is that of an experiment of the same project; None is the one that the new experiment is compared
    with. A case without an expected value gets the output that the experiment had for it. Of several trials
    of a case one is taken.

    >>> from spanscore import BaseExperiment, Eval
    >>> first = Eval("sums", [{"input": 2}], lambda input: input * 2, [], experiment_name="a", quiet=True)
    >>> again = Eval("sums", BaseExperiment("a"), lambda input: input + input,
    ...              [lambda output, expected: output == expected], quiet=True)
    >>> [(result.input, result.expected, result.output) for result in again.results]
    [(2, 4, 4)]
    """

    name: str | None = None


def baseline_of(data: Any, given: str | None) -> str | None:
    """The experiment to compare with: the one given, else the one whose cases are run again."""
    return data.name if given is None and isinstance(data, BaseExperiment) else given


def cases_of_base(base: BaseExperiment, rows: ExperimentRows, experiment_id: str) -> Iterator[EvalCase]:
    """The cases, one by one. Raises EvalError if there is no such experiment to take them from."""
    experiment = rows.base_experiment(experiment_id, base.name)
    if experiment is None:
        raise EvalError(
            "BaseExperiment() finds no earlier experiment of this project with cases; "
            'name one: BaseExperiment("first try")'
        )
    seen: set[bytes] = set()
    for row in rows.cases_of(experiment.id):
        key = _key(row)
        if key not in seen or not (row.metadata or {}).get("trial_index"):
            seen.add(key)
            yield _case(row, experiment.id)


def _key(row: ExperimentCase) -> bytes:
    """Equal for trials of one case, which may differ in their outputs."""
    text = to_json([row.input, row.expected], max_bytes=_ANY_SIZE, redact=False)
    return blake2b(canonical_json(text), digest_size=16).digest()


def _case(row: ExperimentCase, experiment_id: str) -> EvalCase:
    metadata = {name: value for name, value in (row.metadata or {}).items() if name not in _OF_THE_RUN}
    origin: Mapping[str, Any] = {
        "object_type": "experiment",
        "object_id": experiment_id,
        "id": row.id,
        "_xact_id": row.xact_id,
        "created": row.created,
    }
    return EvalCase(
        input=row.input,
        expected=row.output if row.expected is None else row.expected,
        metadata=metadata or None,
        tags=tuple(row.tags),
        origin=origin,
    )
