"""Whether the cases have what the eval's `cluster_key` names: without it nothing belongs together."""

import logging
from typing import TYPE_CHECKING, Any, cast

from spanscore.errors import CaseError, ConfigError
from spanscore.evals._case import EvalCase, to_case
from spanscore.evals._case_path import value_at

if TYPE_CHECKING:
    from collections.abc import Sequence

_logger = logging.getLogger("spanscore")


def check_cluster_key(path: str | None, data: Any) -> None:
    """Raise ConfigError if data that is a list has nothing at the path in any case: nothing has run yet.

    Data of other kinds is read while the cases run, so that only `ClusterCount` can tell.
    """
    if path is None or not isinstance(data, (list, tuple)) or not data:
        return
    given = cast("Sequence[Any]", data)
    try:
        cases = (to_case(each, number) for number, each in enumerate(given, 1))
        if any(value_at(case, path) is not None for case in cases):
            return
    except CaseError:
        # Said where the case is reached, after those before it have run.
        return
    raise ConfigError(
        f"cluster_key is {path!r}, and no case of {len(given):,} has anything there; {_known(given[0])}"
    )


def _known(first: Any) -> str:
    """Where the first case has something, for whoever has misspelt the path."""
    names = ", ".join(f"metadata.{name}" for name in to_case(first, 1).metadata or {})
    return f"the first case has {names}" if names else "the first case has no metadata"


class ClusterCount:
    """Counts the cases that have something at the path, and those that do not; nothing without a path."""

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._found = self._missing = 0

    def add(self, case: EvalCase) -> None:
        """Take in a case that has run."""
        if self._path is not None:
            if value_at(case, self._path) is None:
                self._missing += 1
            else:
                self._found += 1

    def notes(self) -> tuple[str, ...]:
        """What is to be said when all have run: that some have nothing there, or all, which is logged."""
        if not self._missing:
            return ()
        if self._found:
            of = f"{self._missing:,} of {self._found + self._missing:,} cases"
            return (
                f"cluster_key: nothing at {self._path} in {of}; each input of theirs counts as independent",
            )
        none = f"no case of {self._missing:,} has anything at {self._path}"
        told = f"cluster_key: {none}; nothing is clustered"
        _logger.warning("%s", told)
        return (told,)
