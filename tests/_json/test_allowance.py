import time

import pytest

from spanscore._json._allowance import Allowance

pytestmark = pytest.mark.core


def test_is_late_once_the_deadline_is_over() -> None:
    now = time.monotonic()
    assert [Allowance(1, now - 1).is_late, Allowance(1, now + 1000).is_late] == [True, False]
