"""The end of the process: one deadline, however many outboxes and hooks there are."""

from time import monotonic
from typing import Final

EXIT_BUDGET_S: Final = 2.0
"""How long the end of the process waits for destinations, whatever state they are in."""


class Exit:
    """The one deadline. There is one of these in a process, `EXIT`."""

    def __init__(self) -> None:
        self._deadline: float | None = None

    def begin(self) -> None:
        """The process ends: from now on there are two seconds in all."""
        if self._deadline is None:
            self._deadline = monotonic() + EXIT_BUDGET_S

    def left_of(self, timeout_s: float) -> float:
        """So much of a time as is left."""
        return timeout_s if self._deadline is None else max(0.0, min(timeout_s, self._deadline - monotonic()))


EXIT: Final = Exit()
