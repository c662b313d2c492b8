"""Differences of two lists of records."""

from typing import Any

import pytest

from spanscore.client._record_differences import record_differences
from spanscore.wire.datasets import DatasetRecord

pytestmark = pytest.mark.core


def record(id: str, input: Any, xact: int = 1) -> DatasetRecord:
    return DatasetRecord(id=id, input=input, tags=["t"], xact_id=str(xact), created="then")


def test_gone_then_changed_then_new() -> None:
    before = [record("1", {"a": 1, "b": 2}), record("2", "x"), record("3", 3)]
    after = [record("4", 4), record("3", "three", 2), record("1", {"b": 2, "a": 1}, 2)]
    assert list(record_differences(before, after)) == [
        (before[1], None),
        (before[2], after[1]),
        (None, after[0]),
    ]
    assert list(record_differences(before, before)) == []
    assert list(record_differences([], [])) == []
