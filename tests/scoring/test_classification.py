import pytest

from spanscore.scoring import Classification

pytestmark = pytest.mark.core


def test_the_stored_item_has_no_name_and_leaves_out_what_is_not_given() -> None:
    assert Classification("a", name="n").as_item() == {"id": "a"}
    full = Classification("a", "n", "A", {"why": 1})
    assert full.as_item() == {"id": "a", "label": "A", "metadata": {"why": 1}}
