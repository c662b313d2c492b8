"""The judge: a scorer or a classifier, ready to be called."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from spanscore.evals._eval_spans import JudgeKind
from spanscore.scoring import prepare_classifiers, prepare_scorers
from spanscore.scoring._prepared import Prepared


@dataclass(frozen=True, slots=True)
class Judge:
    """A prepared scorer (`kind` "score") or classifier.

    `name` is what it is called among those of its kind, `key` tells it from all others of its case.
    """

    kind: JudgeKind
    prepared: Prepared[Any]
    name: str
    key: str
    is_async: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """The judges of an eval, the scorers first; `wants_trace` says that one of them asks for the trace."""

    judges: tuple[Judge, ...]
    wants_trace: bool

    @classmethod
    def of(cls, scorers: Iterable[Any], classifiers: Iterable[Any] = ()) -> "Panel":
        """The judges made of the user's functions. Raises ScorerSignatureError."""
        judges = (
            *(_judge("score", prepared) for prepared in prepare_scorers(scorers)),
            *(_judge("classifier", prepared) for prepared in prepare_classifiers(classifiers)),
        )
        return cls(judges, any(judge.prepared.takes("trace") for judge in judges))

    @property
    def scorers(self) -> tuple[str, ...]:
        """The names of the scorers."""
        return tuple(judge.name for judge in self.judges if judge.kind == "score")


def _judge(kind: JudgeKind, prepared: Prepared[Any]) -> Judge:
    return Judge(kind, prepared, prepared.name, f"{kind}:{prepared.name}", prepared.is_async)


class Panels:
    """The panels of cases that bring scorers of their own: those beside the judges of all."""

    def __init__(self, common: Panel, given: tuple[tuple[Any, ...], tuple[Any, ...]]) -> None:
        self.common = common
        self._given = given
        self._made: dict[tuple[int, ...], tuple[tuple[Any, ...], Panel]] = {}

    def of(self, scorers: tuple[Any, ...]) -> Panel:
        """The judges of a case with these scorers. Raises ScorerSignatureError."""
        if not scorers:
            return self.common
        key = tuple(map(id, scorers))
        made = self._made.get(key)
        if made is None:
            if len(self._made) >= _MOST_PANELS:
                self._made.clear()
            # The functions are kept with the panel: their ids must not become those of others.
            made = self._made[key] = scorers, Panel.of((*self._given[0], *scorers), self._given[1])
        return made[1]


_MOST_PANELS = 256
