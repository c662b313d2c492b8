"""Tables of other libraries."""

import math
import sys
from types import ModuleType
from typing import Any

import pytest

from spanscore.datasets import Columns, is_table, read_table, table_size
from spanscore.errors import ConfigError


@pytest.mark.core
def test_what_is_no_table() -> None:
    assert [is_table(value) for value in ([{"input": 1}], {"input": [1]}, "cases.csv", None)] == [False] * 4


def test_a_data_frame() -> None:
    pandas: Any = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {
            "input": [{"q": 1}, "text", 3],
            "expected": [1.5, math.nan, 2.0],
            "level": ["easy", None, pandas.NaT],
            "tags": [["a"], None, None],
            "id": [7, 8, 9],
        }
    )
    assert is_table(frame)
    assert (table_size(frame), list(read_table(frame))) == (
        3,
        [
            {"input": {"q": 1}, "expected": 1.5, "metadata": {"level": "easy"}, "tags": ["a"], "id": "7"},
            {"input": "text", "expected": None, "id": "8"},
            {"input": 3, "expected": 2.0, "id": "9"},
        ],
    )
    assert type(next(read_table(frame))["expected"]) is float


def test_a_data_frame_without_an_input() -> None:
    pandas: Any = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"question": ["q"], "answer": ["a"]})
    with pytest.raises(ConfigError) as caught:
        next(read_table(frame))
    assert str(caught.value) == (
        "the data frame, row 1, has no column 'input'; it has 'question', 'answer'. "
        "Rename one, or say which by spanscore.datasets.read_table(data, "
        'columns=Columns(input=["question"], expected=["answer"]))'
    )
    columns = Columns(input=["question"], expected=["answer"])
    assert list(read_table(frame, columns=columns)) == [{"input": "q", "expected": "a"}]
    with pytest.raises(ConfigError, match="has a column 0, whose name is no text; rename it"):
        next(read_table(pandas.DataFrame([[1]])))


def test_a_dataset_of_hugging_face() -> None:
    pytest.importorskip("datasets.arrow_dataset")
    datasets: Any = sys.modules["datasets"]
    rows = [{"input": "q1", "expected": "a1", "level": 1}, {"input": "q2", "expected": "a2", "level": 2}]
    records = [
        {"input": r["input"], "expected": r["expected"], "metadata": {"level": r["level"]}} for r in rows
    ]
    whole = datasets.Dataset.from_list(rows)
    stream = whole.to_iterable_dataset()
    assert [(is_table(each), table_size(each), list(read_table(each))) for each in (whole, stream)] == [
        (True, 2, records),
        (True, None, records),
    ]
    with pytest.raises(ConfigError, match="with the splits 'train', 'test'; give one of them"):
        next(read_table(datasets.DatasetDict({"train": whole, "test": whole})))


@pytest.mark.core
def test_a_module_of_that_name_may_be_the_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", ModuleType("datasets"))
    assert not is_table([1])
