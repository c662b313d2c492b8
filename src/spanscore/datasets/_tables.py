"""Tables of other libraries: pandas' data frames, and the datasets of Hugging Face.

A program that has one has imported its library: none is imported to find out.
"""

import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from spanscore.datasets._columns import AS_NAMED, Columns, to_record
from spanscore.errors import ConfigError

_AT_ONCE: Final = 200
_HOW: Final = 'spanscore.datasets.read_table(data, columns=Columns(input=["question"], expected=["answer"]))'


def is_table(value: Any) -> bool:
    """Whether this is a table that `read_table` reads."""
    return _is_frame(value) or _is_hugging_face(value)


def table_size(table: Any) -> int | None:
    """How many rows a table has, None if it does not say."""
    try:
        return len(table)
    except TypeError:
        return None


def read_table(table: Any, *, columns: Columns = AS_NAMED) -> Iterator[dict[str, Any]]:
    """The records of a table, row by row; missing values are None.

    Raises ConfigError if its columns do not say what the input is.
    """
    if _is_frame(table):
        rows, what = _rows_of_frame(table), "the data frame, row"
    else:
        rows, what = _rows_of_hugging_face(table), "the dataset, row"
    for number, row in enumerate(rows, 1):
        yield to_record(row, columns, f"{what} {number},", _HOW)


def _is_frame(value: object) -> bool:
    pandas: Any = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, pandas.DataFrame)


def _rows_of_frame(frame: Any) -> Iterator[Mapping[str, Any]]:
    wrong = next((name for name in frame.columns if not isinstance(name, str)), None)
    if wrong is not None:
        raise ConfigError(f"the data frame has a column {wrong!r}, whose name is no text; rename it")
    for first in range(0, len(frame), _AT_ONCE):
        for row in frame.iloc[first : first + _AT_ONCE].to_dict("records"):
            yield {name: None if _is_missing(value) else value for name, value in row.items()}


def _is_missing(value: Any) -> bool:
    pandas: Any = sys.modules["pandas"]
    return bool(pandas.api.types.is_scalar(value) and pandas.isna(value))


def _is_hugging_face(value: object) -> bool:
    library: Any = sys.modules.get("datasets")
    names = ("Dataset", "IterableDataset", "DatasetDict", "IterableDatasetDict")
    kinds = tuple(kind for name in names if isinstance(kind := getattr(library, name, None), type))
    return isinstance(value, kinds)


def _rows_of_hugging_face(table: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(table, Mapping):
        splits = ", ".join(map(repr, cast("Mapping[str, Any]", table)))
        raise ConfigError(f"data is a Hugging Face dataset with the splits {splits}; give one of them")
    yield from table
