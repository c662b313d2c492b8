"""Whether all spans of an eval are stored."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from spanscore._counted import counted
from spanscore.api._recording import outboxes_in_use
from spanscore.errors import DeliveryError
from spanscore.wire.seams import LOCAL

if TYPE_CHECKING:
    from spanscore._connect import Connection
    from spanscore.evals import ExperimentResult

_TIMEOUT_S: Final = 300.0
_ARRIVAL_S: Final = 30.0
_logger = logging.getLogger("spanscore")


def commit_to(connection: "Connection") -> Callable[[], None]:
    """What waits until all spans are stored. Raises DeliveryError if some are not, or were lost since now."""
    lost_before = connection.outbox.flush(0, only=LOCAL).lost

    def commit() -> None:
        flushed = connection.outbox.flush(_TIMEOUT_S, only=LOCAL)
        others = outboxes_in_use()
        if connection.outbox not in others:
            # A front door has put another in its place meanwhile, through which the later spans went.
            for outbox in others:
                outbox.flush(_TIMEOUT_S, only=LOCAL)
        if flushed.waiting or flushed.lost != lost_before:
            waiting = counted(flushed.waiting, "span waits", "spans wait")
            raise DeliveryError(
                f"{waiting} still, lost are {flushed.lost or 'none'}: the figures of the eval "
                "would be incomplete; see the log for what the destination said"
            )
        if connection.account is not None:
            _wait_for_the_account(connection)

    return commit


def _wait_for_the_account(connection: "Connection") -> None:
    """Give the rows time to arrive where they are looked at; what does not is kept, and sent later."""
    waiting = connection.outbox.flush(_ARRIVAL_S).waiting
    if waiting:
        text = "%s for Braintrust; the next process or `spanscore spool drain` sends what waits"
        _logger.warning(text, counted(waiting, "span waits", "spans wait"))


def check_that_all_arrived(result: "ExperimentResult") -> None:
    """Raise DeliveryError if cases that ran are not in the figures: that is no success."""
    if result.summary.cases < result.finished:
        raise DeliveryError(
            f"{counted(result.finished, 'case')} ran, but the store has {result.summary.cases} of them: "
            "their spans were not recorded, or without the attributes that place them; look at "
            "OTEL_SDK_DISABLED, at the OTEL_*_LIMIT variables and at the program's tracer provider"
        )
