"""Where cases come from: datasets with versions, files, tables."""

from spanscore.datasets._dataset import Dataset
from spanscore.datasets._summary import DatasetSummary, DataSummary
from spanscore.datasets._target import Target

__all__ = ["DataSummary", "Dataset", "DatasetSummary", "Target"]
