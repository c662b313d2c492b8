"""Hostile values through every entry: no error, no neighbour lost, the program's objects unchanged."""

from collections.abc import Sequence
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.resources import Resource

from hostile import HOSTILE, LARGE, Hostile
from hostile_entries import ENTRIES, Entry
from spanscore import flush, init_logger, setup, start_span
from spanscore._config import Settings
from spanscore.store import SqliteStore
from spanscore.tracing import guard
from spanscore.wire.parent import Parent

pytestmark = pytest.mark.core


ENTRIES_FOR_LARGE = ("traced call",)
SMALL = [hostile for hostile in HOSTILE if hostile.name not in LARGE]
TOLD = {
    "parent of a span": "reading the parent of a span",
    "start span fields": "recording scores",
    "Span.log(scores=)": "recording scores",
}
"""Where a value that cannot be used is told as such; the span begins, and has all else, all the same."""

MEANT = {"case of an eval": {"a coroutine: another object", "a generator: another object"}}
"""What is meant to become something else: a task's coroutine is awaited, its generator is read."""


def params() -> list[Any]:
    return [
        pytest.param(entry, MEANT.get(name, set[str]()), TOLD.get(name), id=name)
        for name, entry in ENTRIES.items()
    ]


@pytest.fixture(params=["own", "users"])
def _provider(request: pytest.FixtureRequest) -> None:
    if request.param == "users":
        trace.set_tracer_provider(sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False))


def record() -> None:
    setup(destinations=["local"])
    init_logger("bot")
    guard.reraise = False
    guard.drain()


@pytest.mark.usefixtures("_provider")
@pytest.mark.parametrize(("entry", "meant", "told"), params())
def test_values_harm_neither_the_program_nor_their_neighbours(
    entry: Entry, meant: set[str], told: str | None
) -> None:
    record()
    harms = [harm for harm in harmed(entry, SMALL) if not harm.endswith(f": failed in {told}")]
    assert set(harms) == meant


@pytest.mark.parametrize("name", ENTRIES_FOR_LARGE)
def test_large_values_harm_neither_the_program_nor_their_neighbours(name: str) -> None:
    record()
    assert harmed(ENTRIES[name], [hostile for hostile in HOSTILE if hostile.name in LARGE]) == []


def harmed(entry: Entry, hostiles: Sequence[Hostile]) -> list[str]:
    """What went wrong: by value, and, at the end, the neighbours that are missing."""
    wrong: list[str] = []
    for hostile in hostiles:
        with start_span(f"before {hostile.name}"):
            pass
        value = hostile.make()
        try:
            is_same = entry(value) is value
        except BaseException as error:  # noqa: BLE001 - whatever escapes is what is looked for
            wrong.append(f"{hostile.name}: {type(error).__name__}")
        else:
            wrong += [] if is_same else [f"{hostile.name}: another object"]
        wrong += [f"{hostile.name}: failed in {what}" for what in guard.drain()]
    assert flush()
    store = SqliteStore(Settings.from_env().home / "spanscore.db")
    stored = {row.span_attributes["name"] for row in store.rows(Parent.parse("project_name:bot"))}
    wanted = {f"before {hostile.name}" for hostile in hostiles}
    return wrong + sorted(wanted - stored)
