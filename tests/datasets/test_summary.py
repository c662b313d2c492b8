"""A dataset in a few lines."""

import pytest

from spanscore.datasets import DatasetSummary, DataSummary

pytestmark = pytest.mark.core


def test_in_words() -> None:
    summary = DatasetSummary(
        project_name="shop",
        dataset_name="faq",
        project_url="spanscore datasets list --project shop",
        dataset_url="spanscore datasets show shop/faq",
        data_summary=DataSummary(new_records=2, total_records=5),
    )
    assert str(summary) == (
        "Dataset faq of shop\nTotal records: 5 (2 new or updated records)\n"
        "Look at it: spanscore datasets show shop/faq"
    )
