"""Where cases come from: datasets with versions, files, tables."""

from spanscore.datasets._changes import inserted, known_by_content
from spanscore.datasets._columns import AS_NAMED, Columns
from spanscore.datasets._dataset import Dataset
from spanscore.datasets._files import FORMATS, RECORD_COLUMNS, format_of, read_file, write_file
from spanscore.datasets._portions import in_portions
from spanscore.datasets._summary import DatasetSummary, DataSummary
from spanscore.datasets._tables import is_table, read_table, table_size
from spanscore.datasets._target import Target
from spanscore.datasets._view import View

__all__ = [
    "AS_NAMED",
    "FORMATS",
    "RECORD_COLUMNS",
    "Columns",
    "DataSummary",
    "Dataset",
    "DatasetSummary",
    "Target",
    "View",
    "format_of",
    "in_portions",
    "inserted",
    "is_table",
    "known_by_content",
    "read_file",
    "read_table",
    "table_size",
    "write_file",
]
