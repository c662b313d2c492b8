from dataclasses import replace

import pytest

from spanscore.evals.reporters._account import account_of
from told_evals import FAILED, PLAIN, REGRESSION, RESULT, Known, failing

pytestmark = pytest.mark.core


def test_an_account_of_little() -> None:
    account = account_of(PLAIN, source=Known(REGRESSION))
    assert (account.notes, account.regressions, account.labels) == ([], (), [])
    assert account.further == ["see spanscore experiments show bot/main-2"]


def test_an_account_of_everything() -> None:
    account = account_of(failing(RESULT, 12), source=Known(REGRESSION, FAILED))
    assert account.labels == [["classifier", "label", "cases"], ["tone", "kind", "6"], ["tone", "rude", "2"]]
    assert account.notes == [
        "a partial run: first 8",
        "7 inputs are in both experiments, 1 in this one alone, 0 in the baseline alone",
        "judge: this comparison could have shown a difference of 6.10 points",
    ]
    assert account.regressions == (REGRESSION, FAILED)
    assert (len(account.failures), account.failures_left_out) == (10, 2)
    assert account.further[1:] == ["the largest changes: spanscore experiments compare bot/main-2"]


def test_what_the_run_has_to_say_stands_among_the_notes() -> None:
    account = account_of(replace(PLAIN, notes=("cluster_key: 2 of 8 cases have nothing there",)))
    assert account.notes == ["cluster_key: 2 of 8 cases have nothing there"]
