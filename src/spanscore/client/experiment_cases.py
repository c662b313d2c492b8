"""The cases of an experiment that an account has, out of its rows."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, cast

from spanscore.wire.datasets import ExperimentCase

_Trial = tuple[str, Any]
_FIRST_ATTEMPT: Final = 1


def cases_in(rows: Iterable[Mapping[str, Any]]) -> Iterator[ExperimentCase]:
    """Finished cases among the rows of an experiment, the newest attempt at each trial.

    In the order of the rows, but trials that failed come last: only then is it known that they were not tried
    again. Cases that no eval of ours has numbered are all taken. What is held are the failed ones, and which
    trials there were.
    """
    done: set[_Trial] = set()
    failed: dict[_Trial, Mapping[str, Any]] = {}
    for row in rows:
        if not _is_finished_root(row):
            continue
        trial = _trial_of(row)
        if trial is None:
            yield _case(row)
        elif row.get("error") is not None:
            failed[trial] = max(failed.get(trial, row), row, key=_attempt_of)
        elif trial not in done:
            done.add(trial)
            yield _case(row)
    yield from (_case(row) for trial, row in failed.items() if trial not in done)


def is_root(row: Mapping[str, Any]) -> bool:
    """Whether a row is the first of its trace, however the service says so."""
    if row.get("is_root") is not None:
        return bool(row["is_root"])
    return not row.get("span_parents") or row.get("root_span_id") == row.get("span_id")


def _is_finished_root(row: Mapping[str, Any]) -> bool:
    has_ended = _object(row, "metrics").get("end") is not None
    return is_root(row) and (has_ended or row.get("output") is not None or row.get("error") is not None)


def _trial_of(row: Mapping[str, Any]) -> _Trial | None:
    metadata = _object(row, "metadata")
    key = metadata.get("case_key")
    return (key, metadata.get("trial_index")) if isinstance(key, str) else None


def _attempt_of(row: Mapping[str, Any]) -> int:
    found = _object(row, "metadata").get("attempt")
    return found if isinstance(found, int) else _FIRST_ATTEMPT


def _case(row: Mapping[str, Any]) -> ExperimentCase:
    return ExperimentCase(
        id=str(row.get("id")),
        input=row.get("input"),
        expected=row.get("expected"),
        output=row.get("output"),
        metadata=_object(row, "metadata") or None,
        tags=tuple(row.get("tags") or ()),
        xact_id=row.get("_xact_id"),
        created=row.get("created"),
        root_span_id=row.get("root_span_id"),
    )


def _object(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = row.get(name)
    return cast("Mapping[str, Any]", found) if isinstance(found, Mapping) else {}
