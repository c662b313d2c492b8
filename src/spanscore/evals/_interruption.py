"""Who hears of a run that is cancelled, or ended by Ctrl-C."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from spanscore.errors import SpanscoreError
from spanscore.evals._result import ExperimentResult
from spanscore.wire.seams import ExperimentRef

_logger = logging.getLogger("spanscore")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnInterrupt:
    """`kept` is told of the experiment and how many of its cases are kept, `reported` what came of these.

    Without `reported` nobody waits for figures.
    """

    kept: Callable[[ExperimentRef, int], None] | None = None
    reported: Callable[[ExperimentResult], None] | None = None

    async def tell(
        self, experiment: ExperimentRef, finished: int, result: Callable[[], Awaitable[ExperimentResult]]
    ) -> None:
        """Tell both; figures that cannot be had are logged, since the interruption goes on."""
        if self.kept is not None:
            self.kept(experiment, finished)
        if self.reported is None:
            return
        try:
            self.reported(await result())
        except SpanscoreError as error:
            _logger.warning("no figures of what %s has: %s", experiment.name, error)
