"""What a process writes down: losses, dead letters, errors of ours, secrets that were taken out."""

from collections import Counter

from spanscore._json import CREDENTIALS
from spanscore.delivery._dead_letters import DeadLetters
from spanscore.delivery._masking import MASKING
from spanscore.delivery._redaction import Redactor
from spanscore.delivery._spool import Spool
from spanscore.tracing import LEFT_OUT, guard

ERRORS = "errors"
REDACTED = "redacted"
RECORDING = "recording"


class Notes:
    """The ledger and the dead letters of a spool, and what is counted elsewhere in this process."""

    def __init__(self, spool: Spool, redactor: Redactor | None) -> None:
        self.ledger = spool.ledger
        self.dead_letters = DeadLetters(spool.folder)
        self._redactor = redactor
        self._told = self._counted()

    def write(self) -> None:
        """Make all that is counted last."""
        for what, count in guard.drain().items():
            self.ledger.add(ERRORS, what, count)
        for reason, count in LEFT_OUT.drain().items():
            self.ledger.add(RECORDING, reason, count)
        counted = self._counted()
        for what, count in (counted - self._told).items():
            self.ledger.add(ERRORS if what == _FAILURES else REDACTED, what, count)
        self._told = counted
        self.ledger.write()

    def _counted(self) -> Counter[str]:
        by_pattern = Counter[str]() if self._redactor is None else Counter(self._redactor.counts)
        return by_pattern + Counter({"credential-named": CREDENTIALS.count, _FAILURES: MASKING.failures})


_FAILURES = "the program's masking function"
