"""The runs of LangChain that are under way: a run is one span, however many callback handlers tell of it."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from spanscore.integrations._model_run import ModelRun
from spanscore.integrations._open_runs import OpenRuns
from spanscore.integrations._run import Run


@dataclass(frozen=True, slots=True)
class Hidden:
    """A run that LangChain itself keeps out of sight; what is below it belongs to what is above it."""

    above: Run | None

    def end(self) -> None:
        """Nothing: there is no span."""


OPEN: Final = OpenRuns[Run | ModelRun | Hidden]()


def run_below(run_id: UUID | None) -> Run | None:
    """The run that what LangChain puts below `run_id` belongs to; None where it is not known."""
    found = None if run_id is None else OPEN.get(run_id)
    return found if found is None or isinstance(found, Run) else found.above
