"""`spanscore datasets diff`: what changed between two versions, or differs between two datasets."""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from spanscore.cli._arguments import add_json, add_limit
from spanscore.cli._dataset_reference import add_dataset, dataset_at, datasets_in_force
from spanscore.cli._format import one_line, preview
from spanscore.cli._output import print_json_list
from spanscore.wire.datasets import DatasetRecord

_FIELDS = ("input", "expected", "metadata", "tags")
_SIGNS = {"removed": "-", "changed": "~", "added": "+"}

Difference = tuple[DatasetRecord | None, DatasetRecord | None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore datasets diff`."""
    add_dataset(parser, "before")
    add_dataset(parser, "after")
    add_limit(parser, 50)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the records that differ, matched by id: those gone, then those changed, then those new."""
    datasets = datasets_in_force()
    (old, old_version), (new, new_version) = (
        dataset_at(datasets, each) for each in (args.before, args.after)
    )
    differences = datasets.differences((old.id, old_version), (new.id, new_version))
    if args.json:
        print_json_list(map(_plain, differences))
    else:
        _print(differences, args.limit)
    return 0


def _print(differences: Iterable[Difference], limit: int) -> None:
    counts: Counter[str] = Counter()
    for before, after in differences:
        kind = _kind(before, after)
        counts[kind] += 1
        if counts.total() <= limit:
            for line in _lines(before, after):
                print(line)
    if counts.total() > limit:
        print(f"and {counts.total() - limit:,} more (--limit)")
    print(", ".join(f"{counts[kind]:,} {kind}" for kind in _SIGNS) if counts else "no difference")


def _kind(before: DatasetRecord | None, after: DatasetRecord | None) -> str:
    return "added" if before is None else "removed" if after is None else "changed"


def _lines(before: DatasetRecord | None, after: DatasetRecord | None) -> Iterator[str]:
    record = after or before
    assert record is not None
    yield f"{_SIGNS[_kind(before, after)]} {one_line(record.id)}  {preview(record.input)}"
    if before is None or after is None:
        return
    for name in _FIELDS:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"    {name}: {preview(old) or '-'} -> {preview(new) or '-'}"


def _plain(difference: Difference) -> dict[str, Any]:
    before, after = difference
    record = after or before
    assert record is not None
    return {
        "change": _kind(before, after),
        "id": record.id,
        "before": _values(before),
        "after": _values(after),
    }


def _values(record: DatasetRecord | None) -> dict[str, Any] | None:
    return None if record is None else {name: getattr(record, name) for name in _FIELDS}
