"""Noticing the provider that the program sets."""

from collections.abc import Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.trace import set_tracer_provider

from spanscore.tracing import guard
from spanscore.tracing._program_provider import program_provider, stop_watching, watch_for_provider

pytestmark = pytest.mark.core


@pytest.fixture(autouse=True)
def _unpatched() -> Iterator[None]:
    yield
    stop_watching()


def a_provider() -> sdk_trace.TracerProvider:
    return sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False)


def test_there_is_none_until_the_program_sets_one() -> None:
    assert program_provider() is None
    provider = a_provider()
    trace.set_tracer_provider(provider)
    assert program_provider() is provider


def test_setting_one_is_noticed_also_through_a_name_imported_before() -> None:
    arrived: list[object] = []
    watch_for_provider(lambda: arrived.append(program_provider()))
    provider = a_provider()
    set_tracer_provider(provider)
    assert arrived == [provider]


def test_provider_chosen_by_the_environment_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    arrived: list[object] = []
    watch_for_provider(lambda: arrived.append(1))
    monkeypatch.setenv("OTEL_PYTHON_TRACER_PROVIDER", "sdk_tracer_provider")
    assert trace.get_tracer_provider() is program_provider()
    assert arrived == [1]
    provider = program_provider()
    assert isinstance(provider, sdk_trace.TracerProvider)
    provider.shutdown()


def test_watching_is_idempotent_and_undone() -> None:
    original = getattr(trace, "_set_tracer_provider")  # noqa: B009
    arrived: list[int] = []
    for _ in range(2):
        watch_for_provider(lambda: arrived.append(1))
    trace.set_tracer_provider(a_provider())
    assert arrived == [1]
    stop_watching()
    stop_watching()
    assert getattr(trace, "_set_tracer_provider") is original  # noqa: B009


def test_patch_of_somebody_else_on_top_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    watch_for_provider(lambda: None)
    ours = getattr(trace, "_set_tracer_provider")  # noqa: B009
    theirs = lambda *args, **kwargs: ours(*args, **kwargs)  # noqa: E731
    with monkeypatch.context() as patch:
        patch.setattr(trace, "_set_tracer_provider", theirs)
        stop_watching()
        assert getattr(trace, "_set_tracer_provider") is theirs  # noqa: B009


def test_program_is_not_affected_by_what_fails_in_here() -> None:
    guard.reraise = False

    def fails() -> None:
        raise KeyError("ours")

    watch_for_provider(fails)
    provider = a_provider()
    trace.set_tracer_provider(provider)
    assert trace.get_tracer_provider() is provider
