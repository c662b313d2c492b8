import asyncio

import pytest

from hostile import raiser
from spanscore._json._guard import attempt

pytestmark = pytest.mark.core


def test_what_is_returned_passes() -> None:
    assert attempt(None, divmod, 7, 2) == (3, 1)


@pytest.mark.parametrize("error", [ValueError, SystemExit, GeneratorExit, MemoryError, RecursionError])
def test_what_is_raised_becomes_text(error: type[BaseException]) -> None:
    assert attempt(5, raiser(error)) == f"[spanscore: unreadable int: {error.__name__}]"


def test_a_cancellation_raised_by_a_value_does_not_cancel_the_caller() -> None:
    assert attempt("s", raiser(asyncio.CancelledError)) == (
        "[spanscore: unreadable str: asyncio.exceptions.CancelledError]"
    )


def test_ctrl_c_passes() -> None:
    with pytest.raises(KeyboardInterrupt):
        attempt(None, raiser(KeyboardInterrupt))
