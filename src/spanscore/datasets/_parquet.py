"""Records in Parquet."""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from spanscore.datasets._cells import read_cell, write_cell
from spanscore.datasets._csv import AS_TEXT
from spanscore.errors import CaseError, ConfigError

_AT_ONCE: Final = 200
_MARK: Final = {b"spanscore": b"cells"}
"""Says in the file that texts are cells: JSON where they can be read as it."""

_OBJECTS: Final = ("metadata", "tags")


def read_parquet(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each row's values by column, with its number. Texts stay texts but in files of `write_parquet`."""
    _pa, pq = _pyarrow()
    path.open("rb").close()  # what cannot be opened is no matter of the format
    try:
        file: Any = pq.ParquetFile(path)
    except (OSError, ValueError) as error:
        raise CaseError(f"{path} is no Parquet file: {error}") from None
    with file:
        told: dict[bytes, bytes] = file.schema_arrow.metadata or {}
        has_cells = told.items() >= _MARK.items()
        number = 0
        for batch in file.iter_batches(batch_size=_AT_ONCE):
            for row in batch.to_pylist():
                number += 1
                yield f"{path}, row {number},", _read(row, has_cells=has_cells)


def _read(row: Mapping[str, Any], *, has_cells: bool) -> Mapping[str, Any]:
    return {
        name: read_cell(value)
        if isinstance(value, str) and name not in AS_TEXT and (has_cells or name in _OBJECTS)
        else value
        for name, value in row.items()
    }


def write_parquet(records: Iterable[Mapping[str, Any]], file: BinaryIO, names: Iterable[str]) -> int:
    """A column of texts for each of `names`; what is not text is JSON. How many records there were."""
    pa, pq = _pyarrow()
    columns = tuple(names)
    schema = pa.schema([(name, pa.string()) for name in columns], metadata=_MARK)
    rest = iter(records)
    count = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as parquet:
        while group := list(islice(rest, _AT_ONCE)):
            arrays = [
                pa.array([_cell(name, each.get(name)) for each in group], pa.string()) for name in columns
            ]
            parquet.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(group)
    return count


def _cell(name: str, value: Any) -> str | None:
    if value is None or (name in AS_TEXT and isinstance(value, str)):
        return value
    return write_cell(value)


def _pyarrow() -> tuple[Any, Any]:
    try:
        # Here and not at the top: it is an extra, dear to import, and has no types.
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise ConfigError("Parquet needs pyarrow; pip install 'spanscore[parquet]'") from None
