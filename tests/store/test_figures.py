"""Scratch tables: filled anew for each pair of experiments."""

from typing import Any

import pytest

from experiment_runs import case, run
from spanscore.store import SqliteStore
from spanscore.store._figures import FAILED, SCORED, SKIPPED, lay_out
from spanscore.store._sql import sql

pytestmark = pytest.mark.core

OUTCOMES = "SELECT name, kind, value FROM outcomes WHERE side = 0"


def test_one_connection_lays_out_one_pair_after_the_other(store: SqliteStore) -> None:
    first = run(store, case("a", scores={"s": 1.0}), case("b", scores={"s": None}))
    second = run(
        store, case("a", is_failed=True), case("b", scores={"s": 0.5}), scorers=("s",), errors="exclude"
    )
    found: list[Any] = []
    with store._reading() as connection:
        for experiment, baseline in ((second, first), (first, None), (second, None)):
            sides = lay_out(connection, experiment, baseline)
            matched = connection.execute("SELECT side, value FROM matched ORDER BY side, value").fetchall()
            found.append((sides.scorers, sides.errors, set(connection.execute(OUTCOMES)), matched))
    of_second = {("s", FAILED, None), ("s", SCORED, 0.5)}
    assert found == [
        (("s",), "exclude", of_second, [(0, 0.5), (1, 1.0)]),
        ((), "zero", {("s", SCORED, 1.0), ("s", SKIPPED, None)}, [(0, 1.0)]),
        (("s",), "exclude", of_second, [(0, 0.5)]),
    ]


def test_nothing_is_left_in_the_store(store: SqliteStore) -> None:
    ref = run(store, case("a", scores={"s": 1.0}))
    store.summarize_experiment(ref.id, baseline=None)
    with store._reading() as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE name IN ('live', 'matched')"
        ).fetchall()
    assert tables == []


def test_the_task_of_a_case_is_looked_for_in_its_trace_alone(store: SqliteStore) -> None:
    ref = run(store, case("a", scores={"s": 1.0}))
    with store._reading() as connection:
        lay_out(connection, ref, None)
        values = {"side": 0, "container": 1}
        steps = connection.execute(f"EXPLAIN QUERY PLAN {sql('figures/fill_live')}", values).fetchall()
    (of_task,) = (step[3] for step in steps if " t " in step[3])
    assert "rows_by_trace" in of_task
