"""How often each input has come up, for any number of inputs in little memory."""

from spanscore.evals._number_table import NumberTable


class Occurrences:
    """Counts keys given as hexadecimal texts, of which the first 16 digits count.

    The chance that two of 100,000 are taken for one is below 10⁻⁹.
    """

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts = NumberTable()

    def add(self, key: str, times: int) -> int:
        """How often `key` had come up before, and from now on `times` more."""
        number = int(key[:16], 16)
        before = self._counts.get(number) or 0
        self._counts.set(number, before + times)
        return before
