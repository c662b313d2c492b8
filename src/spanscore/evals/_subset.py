"""Which cases of the data are run, where not all are."""

import asyncio
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from spanscore._json import to_json
from spanscore.errors import ConfigError
from spanscore.evals._case import EvalCase
from spanscore.evals._case_path import value_at
from spanscore.evals._misses import Misses
from spanscore.evals._number_table import NumberTable
from spanscore.evals._trials import Cases
from spanscore.wire.trials import FinishedTrial

FAILING_BELOW: Final = 0.5
"""A case fails where its task or a scorer failed, or where one of its scores is below this."""

_FIELDS: Final = tuple(each.name for each in fields(EvalCase))


@dataclass(frozen=True, slots=True, kw_only=True)
class Subset:
    """What was asked for; `filters` and `failing` choose first, then `sample`, then `first`.

    `filters` are (dotted path, regular expression), all of which have to match. `failing` is an experiment in
    words, for `text`. Raises ConfigError for what cannot be used.
    """

    first: int | None = None
    sample: int | None = None
    seed: int = 0
    filters: tuple[tuple[str, str], ...] = ()
    failing: str | None = None

    def __post_init__(self) -> None:
        for name in ("first", "sample"):
            count = getattr(self, name)
            if count is not None and count < 1:
                raise ConfigError(f"--{name} is {count}; give a whole number from 1")
        compiled(self.filters)

    def __bool__(self) -> bool:
        """True if not all cases are run."""
        return bool(self.filters) or any(each is not None for each in (self.first, self.sample, self.failing))

    @property
    def text(self) -> str | None:
        """What the figures are marked with, None where all cases are run.

        >>> Subset(filters=(("metadata.topic", "fa"),), first=3).text
        'those with metadata.topic=fa, the first 3'
        """
        parts = [f"those with {path}={pattern}" for path, pattern in self.filters]
        if self.failing is not None:
            parts.append(f"those that fail in {self.failing}")
        if self.sample is not None:
            parts.append(f"a sample of {self.sample:,} (seed {self.seed})")
        if self.first is not None:
            parts.append(f"the first {self.first:,}")
        return ", ".join(parts) or None

    @property
    def flags(self) -> str:
        """As it is asked for on the command line.

        >>> Subset(filters=(("metadata.topic", "fa"),), sample=3).flags
        '--filter metadata.topic=fa --sample 3'
        """
        parts = [f"--filter {path}={pattern}" for path, pattern in self.filters]
        named = {"failing": self.failing, "sample": self.sample, "first": self.first}
        return " ".join(parts + [f"--{name} {value}" for name, value in named.items() if value is not None])

    def of(
        self,
        source: Cases,
        is_failing: Callable[[EvalCase], bool] | None = None,
        misses: Misses | None = None,
    ) -> Cases:
        """The chosen cases of `source`; `is_failing` tells what `failing` stands for.

        `misses` is told of each case that comes before the first that the filters choose.
        """
        chosen = source
        if self.filters or is_failing is not None:
            chosen = _Matching(chosen, compiled(self.filters), is_failing, misses)
        if self.sample is not None:
            chosen = _Sampled(chosen, self.sample, self.seed)
        return chosen if self.first is None else _First(chosen, self.first)


def compiled(filters: Iterable[tuple[str, str]]) -> list[tuple[str, "re.Pattern[str]"]]:
    """The filters ready to match. Raises ConfigError for a path that no case has, or a broken expression."""
    ready: list[tuple[str, re.Pattern[str]]] = []
    for path, pattern in filters:
        if path.partition(".")[0] not in _FIELDS:
            raise ConfigError(
                f"--filter {path}={pattern}: a case has no {path.partition('.')[0]!r}; begin the path with "
                f"one of {', '.join(_FIELDS)}, as in metadata.topic"
            )
        try:
            ready.append((path, re.compile(pattern)))
        except re.error as error:
            raise ConfigError(f"--filter {path}={pattern}: {error}; give a regular expression") from error
    return ready


class FailingInputs:
    """The inputs whose case fails in an experiment, in about 25 bytes an input.

    An input fails where, in the newest attempt at any of its trials, the task or a scorer failed or a score
    is below 0.5.
    """

    def __init__(self, trials: Iterable[FinishedTrial]) -> None:
        self._keys = NumberTable()
        for trial in trials:
            is_low = trial.lowest_score is not None and trial.lowest_score < FAILING_BELOW
            if trial.is_error or trial.is_scorer_error or is_low:
                self._keys.set(int(trial.case_key[:16], 16), 1)

    def __contains__(self, key: str) -> bool:
        return self._keys.get(int(key[:16], 16)) is not None

    def __len__(self) -> int:
        return len(self._keys)


class _Matching:
    """Cases that all filters match, and that fail if that is asked for."""

    total = None

    def __init__(
        self,
        source: Cases,
        filters: Sequence[tuple[str, "re.Pattern[str]"]],
        is_failing: Callable[[EvalCase], bool] | None,
        misses: Misses | None,
    ) -> None:
        self._source = source
        self._filters = filters
        self._is_failing = is_failing
        self._misses = misses

    async def next(self) -> EvalCase | None:
        while (case := await self._source.next()) is not None:
            if self._has(case):
                self._misses = None  # what the others have is of no interest from here on
                return case
            if self._misses is not None:
                self._misses.add(case)
        return None

    def stop(self) -> None:
        self._source.stop()

    def _has(self, case: EvalCase) -> bool:
        if all(_matches(pattern, value_at(case, path)) for path, pattern in self._filters):
            return self._is_failing is None or self._is_failing(case)
        return False


def _matches(pattern: "re.Pattern[str]", value: Any) -> bool:
    """Whether a value begins as the pattern says: a text as it is, all else as JSON, nothing never."""
    if value is None:
        return False
    return pattern.match(value if isinstance(value, str) else to_json(value)) is not None


class _Sampled:
    """A random sample in the order of the data, the same for the same data and seed.

    The data is read to its end before the first case runs; of it only the sample is held in memory.
    """

    def __init__(self, source: Cases, count: int, seed: int) -> None:
        self._source = source
        self._count = count
        self._random = random.Random(seed)
        self._chosen: list[tuple[int, EvalCase]] | None = None
        self._drawing = asyncio.Lock()
        self._stopped = False
        self.total = _at_most(count, source.total)

    async def next(self) -> EvalCase | None:
        async with self._drawing:
            if self._chosen is None:
                self._chosen = await self._draw()
        return self._chosen.pop()[1] if self._chosen and not self._stopped else None

    def stop(self) -> None:
        self._stopped = True
        self._source.stop()

    async def _draw(self) -> list[tuple[int, EvalCase]]:
        """The sample by its places in the data, the last first."""
        held: list[tuple[int, EvalCase]] = []
        place = 0
        while (case := await self._source.next()) is not None:
            # `random()` alone is promised to give the same numbers in every version of Python.
            if place < self._count:
                held.append((place, case))
            elif (slot := int(self._random.random() * (place + 1))) < self._count:
                held[slot] = (place, case)
            place += 1
        return sorted(held, key=lambda item: -item[0])


class _First:
    """The first so many cases; what comes after them is not read."""

    def __init__(self, source: Cases, count: int) -> None:
        self._source = source
        self._left = count
        self.total = _at_most(count, source.total)

    async def next(self) -> EvalCase | None:
        if self._left < 1:
            return None
        self._left -= 1
        return await self._source.next()

    def stop(self) -> None:
        self._left = 0
        self._source.stop()


def _at_most(count: int, total: int | None) -> int | None:
    return None if total is None else min(total, count)
