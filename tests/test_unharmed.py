"""Whatever the program's provider does, the program's own values and exceptions come through unchanged."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace

from failing_provider import FAILURES, FailingProvider
from spanscore._config import Settings
from spanscore.testing import RecordedRecords
from spanscore.tracing import RECORDING, guard
from user_programs import ERROR, PROGRAMS, OwnError

pytestmark = pytest.mark.core

VALUE = {"a": [1, "b"]}


def outcome(program: Callable[[Any], Any]) -> Any:
    try:
        return program(VALUE)
    except OwnError as error:
        return error is ERROR


@contextmanager
def recording_through(provider: FailingProvider) -> Generator[FailingProvider, None, None]:
    """The provider as the program's global one, with recording switched on."""
    trace._TRACER_PROVIDER = provider
    RECORDING.switch_on(RecordedRecords(), Settings(home=Path("unused")), provider=provider)
    yield provider
    RECORDING.switch_off()


@pytest.fixture(autouse=True)
def _as_for_users() -> None:
    guard.reraise = False


CASES = [
    pytest.param(program, failing, id=f"{name}: {failing}")
    for name, program in PROGRAMS.items()
    for failing in (*FAILURES, "limits", "add_span_processor")
]


@pytest.mark.parametrize(("program", "failing"), CASES)
def test_program_is_not_affected_by_a_provider_that_fails(
    program: Callable[[Any], Any], failing: str
) -> None:
    bare = outcome(program)
    with recording_through(FailingProvider(failing)):
        assert outcome(program) == bare


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_program_reaches_the_provider_at_all(program: Callable[[Any], Any]) -> None:
    """Lest the tests above are about nothing."""
    with recording_through(FailingProvider()) as provider:
        outcome(program)
    assert {"start_span", "end"} <= set(provider.calls)
