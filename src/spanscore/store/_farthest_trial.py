"""Which of an input's trials shows why its mean changed: of several some may be as they were."""

import sqlite3
from dataclasses import dataclass

from spanscore.store._sql import sql


@dataclass(frozen=True, slots=True, kw_only=True)
class FarthestTrials:
    """Finds trials in the scratch tables of the connection; `errors` is the rule for those that failed."""

    connection: sqlite3.Connection
    errors: str

    def lowest(self, side: int, name: str, case_key: bytes) -> int:
        """The row of the input's trial with the lowest value of a score, the first of several."""
        return self._farthest(1, side, name, case_key)

    def highest(self, side: int, name: str, case_key: bytes) -> int:
        """The row of that with the highest value."""
        return self._farthest(-1, side, name, case_key)

    def _farthest(self, sign: int, side: int, name: str, case_key: bytes) -> int:
        self.connection.execute(sql("figures/index_outcomes"))
        values = {"side": side, "name": name, "case_key": case_key, "sign": sign, "errors": self.errors}
        return self.connection.execute(sql("figures/farthest_trial"), values).fetchone()[0]
