"""Who hears of an interruption, and that nothing of it hides the interruption itself."""

import logging
from typing import Any

import pytest

from spanscore.errors import StoreError
from spanscore.evals import ExperimentResult
from spanscore.evals._interruption import OnInterrupt
from told_evals import PLAIN

pytestmark = pytest.mark.core


async def figures() -> ExperimentResult:
    return PLAIN


async def no_figures() -> ExperimentResult:
    raise StoreError("the disk is full")


async def test_both_are_told() -> None:
    kept: list[Any] = []
    reported: list[ExperimentResult] = []
    hearing = OnInterrupt(kept=lambda ref, count: kept.append((ref, count)), reported=reported.append)
    await hearing.tell(PLAIN.experiment, 3, figures)
    assert (kept, reported) == ([(PLAIN.experiment, 3)], [PLAIN])


async def test_without_a_report_no_figures_are_computed() -> None:
    kept: list[int] = []
    await OnInterrupt(kept=lambda _, count: kept.append(count)).tell(PLAIN.experiment, 3, no_figures)
    await OnInterrupt().tell(PLAIN.experiment, 3, no_figures)
    assert kept == [3]


async def test_figures_that_cannot_be_had_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    reported: list[ExperimentResult] = []
    with caplog.at_level(logging.WARNING, logger="spanscore"):
        await OnInterrupt(reported=reported.append).tell(PLAIN.experiment, 3, no_figures)
    assert (reported, [each.getMessage() for each in caplog.records]) == (
        [],
        ["no figures of what main-2 has: the disk is full"],
    )
