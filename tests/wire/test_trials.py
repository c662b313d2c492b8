"""Fingerprints in the metadata of an eval span."""

from typing import Any

import pytest

from spanscore.wire.trials import Fingerprints

pytestmark = pytest.mark.core


def test_what_is_written_is_read_again() -> None:
    given = Fingerprints(task="a1", scorers={"exact": "b2"})
    assert Fingerprints.read({"case_key": "x", **given.as_metadata()}) == given


@pytest.mark.parametrize(
    "metadata", [{}, {"fingerprints": "user's own"}, {"fingerprints": {"task": 3, "scorers": ["x"]}}]
)
def test_what_is_none_of_ours_is_empty(metadata: dict[str, Any]) -> None:
    assert Fingerprints.read(metadata) == Fingerprints()
