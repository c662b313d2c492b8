"""What is said of a dataset in a few lines."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSummary:
    """How many records a dataset has, and how many of them this object has inserted."""

    new_records: int
    total_records: int

    def __str__(self) -> str:
        return f"Total records: {self.total_records} ({self.new_records} new or updated records)"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetSummary:
    """A dataset, where to look at it, and its size if that was asked for.

    With the embedded store `project_url` and `dataset_url` are commands.
    """

    project_name: str
    dataset_name: str
    project_url: str
    dataset_url: str
    data_summary: DataSummary | None

    def __str__(self) -> str:
        lines = [f"Dataset {self.dataset_name} of {self.project_name}"]
        if self.data_summary is not None:
            lines.append(str(self.data_summary))
        return "\n".join([*lines, f"Look at it: {self.dataset_url}"])
