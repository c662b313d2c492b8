"""One experiment in a report."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from spanscore.evals._result import ExperimentResult
from spanscore.evals._stopping import INTERRUPTED
from spanscore.evals.reporters._account import Account
from spanscore.evals.reporters._case_report import CaseReport
from spanscore.wire.regressions import Regression


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What a report has of one experiment.

    `cases` begins to read its cases anew at each call, one by one. `unmet` are the gates that it fails, in
    words. `worse` are its regressions by trace.
    """

    result: ExperimentResult
    account: Account
    cases: Callable[[], Iterator[CaseReport]]
    unmet: Sequence[str] = ()
    worse: Mapping[str, Regression] = field(default_factory=dict[str, Regression])

    @property
    def title(self) -> str:
        """PROJECT/EXPERIMENT."""
        return f"{self.result.summary.project}/{self.result.summary.experiment}"

    @property
    def is_fine(self) -> bool:
        """True if nothing failed, all gates are met, and nobody has interrupted it."""
        return self.result.success and not self.unmet and self.result.stopped != INTERRUPTED
