from collections.abc import Iterator
from typing import Any

import pytest

from spanscore import set_masking_function
from spanscore.delivery._masking import MASKING
from spanscore.errors import ConfigError


@pytest.fixture(autouse=True)
def _no_masking() -> Iterator[None]:
    yield
    set_masking_function(None)


def test_the_function_is_in_force_until_it_is_taken_away() -> None:
    def mask(value: Any) -> Any:
        return value

    set_masking_function(mask)
    assert MASKING.masking_function is mask
    set_masking_function(None)
    assert not MASKING.is_on


async def asynchronous(value: Any) -> Any:
    return value


@pytest.mark.parametrize("function", ["***", asynchronous], ids=["text", "asynchronous"])
def test_what_cannot_mask_is_refused(function: Any) -> None:
    with pytest.raises(ConfigError, match="the masking function"):
        set_masking_function(function)
    assert not MASKING.is_on
