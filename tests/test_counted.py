"""Numbers of things in words."""

import pytest

from spanscore._counted import counted

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0 cases are"), (1, "1 case is"), (2, "2 cases are"), (12_345, "12,345 cases are")],
)
def test_one_is_told_as_one(count: int, told: str) -> None:
    assert counted(count, "case is", "cases are") == told
    assert counted(count, "case") == told.removesuffix(" is").removesuffix(" are")
