"""The dataset behind the object: looked up when it is first needed."""

import threading
from collections.abc import Callable, Sequence

from spanscore.wire.datasets import DatasetChange, DatasetRef, DatasetRequest
from spanscore.wire.seams import Datasets


class Target:
    """A dataset that is asked for by what it shall be, or by the id that it has.

    Making one does nothing. `datasets` is called once, at the first use.
    """

    def __init__(self, datasets: Callable[[], Datasets], wanted: DatasetRequest | str) -> None:
        self._find = datasets
        self._wanted = wanted
        self._datasets: Datasets | None = None
        self._ref: DatasetRef | None = None
        self._lock = threading.RLock()

    @property
    def datasets(self) -> Datasets:
        """Where the dataset is."""
        with self._lock:
            if self._datasets is None:
                self._datasets = self._find()
            return self._datasets

    def get_ready(self) -> None:
        """Have a place for the bytes of attachments before values are turned into JSON; asks nobody."""
        _ = self.datasets

    @property
    def ref(self) -> DatasetRef:
        """The dataset, which is made if it was asked for by name. Raises what the backend raises."""
        with self._lock:
            if self._ref is None:
                wanted = self._wanted
                if isinstance(wanted, str):
                    self._ref = self.datasets.find_dataset(wanted)
                else:
                    self._ref = self.datasets.open_dataset(wanted)
            return self._ref

    def write(self, changes: Sequence[DatasetChange]) -> None:
        """Make the changes."""
        self.datasets.write_records(self.ref.id, changes)

    def writes_at_once(self) -> int:
        """How many changes are best written together."""
        return self.datasets.writes_at_once
