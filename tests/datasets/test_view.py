"""Which records are read."""

import pytest

from spanscore.datasets import View

pytestmark = pytest.mark.core


def test_what_names_a_version_pins_it() -> None:
    views = (
        View(version="1"),
        View(snapshot="golden"),
        View(environment="production"),
        View(limit=3),
        View(),
    )
    assert [view.is_pinned for view in views] == [True, True, True, False, False]


def test_the_lower_number_counts() -> None:
    assert [View(limit=3).within_limit(count) for count in (2, 5, None)] == [2, 3, 3]
    assert [View().within_limit(count) for count in (2, None)] == [2, None]
