"""Which records of a dataset are read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A version, by its number, else by its snapshot's name, else by its environment; none is the newest.

    Of it at most `limit` records are read, the first ones.
    """

    version: str | None = None
    snapshot: str | None = None
    environment: str | None = None
    limit: int | None = None

    @property
    def is_pinned(self) -> bool:
        """Whether it stays what it is when the dataset is written to."""
        return bool(self.version or self.snapshot or self.environment)

    def within_limit(self, count: int | None) -> int | None:
        """So many records, or fewer if the limit is lower; None where neither says."""
        return min((each for each in (count, self.limit) if each is not None), default=None)


NEWEST = View()
"""The newest version, whole."""
