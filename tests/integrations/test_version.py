"""Versions are compared by their leading numbers."""

import pytest

from spanscore.errors import InstrumentError
from spanscore.integrations._version import check_version, version_of

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("text", "version"),
    [("1.55.3", (1, 55, 3)), ("2.0.0-beta.1", (2, 0, 0)), ("3.54.0", (3, 54, 0)), ("10", (10,))],
)
def test_version_of(text: str, version: tuple[int, ...]) -> None:
    assert version_of(text) == version


def test_what_is_old_enough_passes_and_what_is_too_old_says_what_to_install() -> None:
    check_version("openai", "1.55.3", (1, 55, 3))
    with pytest.raises(InstrumentError) as raised:
        check_version("openai", "1.55.2", (1, 55, 3))
    assert str(raised.value) == "openai 1.55.2 is too old to be recorded; pip install 'openai>=1.55.3'"
