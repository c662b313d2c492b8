"""Tests of a user's that record; collected by `xdist_run` alone."""

import pytest

from faults.programs.recording import SPANS, record, start

_TESTS = 20

start()


@pytest.mark.parametrize("number", range(_TESTS))
def test_records(number: int) -> None:
    """Each makes its share."""
    record(SPANS // _TESTS, seconds=0.0)
