import pytest

from told_evals import PLAIN, failing, section

pytestmark = pytest.mark.core


def test_a_section_is_fine_if_nothing_failed_and_gates_are_met() -> None:
    assert section(PLAIN).title == "bot/main-2"
    assert [section(PLAIN).is_fine, section(failing(PLAIN)).is_fine, section(PLAIN, "too low").is_fine] == [
        True,
        False,
        False,
    ]
