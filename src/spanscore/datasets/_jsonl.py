"""Records in JSON Lines: an object a line."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from spanscore._json import from_json, to_json
from spanscore.errors import CaseError

_ANY_SIZE: Final = 1 << 40
_MARK: Final = b"\xef\xbb\xbf"
_SHOWN: Final = 80


def read_jsonl(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each object, with the place that it has in the file. Raises CaseError for a line that is none."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            text = line.removeprefix(_MARK).strip() if number == 1 else line.strip()
            if text:
                yield f"{path}, line {number},", _object(text, f"{path}, line {number},")


def _object(text: bytes, where: str) -> Mapping[str, Any]:
    try:
        value = from_json(text)
    except ValueError as error:
        raise CaseError(f"{where} is {error}; give an object of JSON a line") from None
    if not isinstance(value, dict):
        raise CaseError(f'{where} is no object: {text[:_SHOWN]!r}; give {{"input": …, "expected": …}}')
    return cast("Mapping[str, Any]", value)


def write_jsonl(records: Iterable[Mapping[str, Any]], file: BinaryIO) -> int:
    """Each record as a line, what is None left out; how many there were."""
    count = 0
    for record in records:
        given = {name: value for name, value in record.items() if value is not None}
        file.write(to_json(given, max_bytes=_ANY_SIZE, redact=False).encode() + b"\n")
        count += 1
    return count
