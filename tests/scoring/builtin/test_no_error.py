import pytest

from spanscore.errors import ScoreError
from spanscore.evals import CaseTrace
from spanscore.scorers import NoError
from spanscore.scoring import Score
from trace_rows import row

pytestmark = pytest.mark.core

FAILED = row("search", "tool", number=2, above=1, error="KeyError: 'a'\n\nTraceback…")
JUDGE = row("judge", "llm", number=4, above=3, purpose="scorer", error="no")


def test_without_an_error() -> None:
    assert NoError()(CaseTrace.of_rows([row("task"), JUDGE])) == Score("no_error", 1.0)


def test_with_an_error_that_the_task_got_over() -> None:
    found = NoError()(CaseTrace.of_rows([row("task"), FAILED]))
    assert found == Score("no_error", 0.0, {"errors": ["search: KeyError: 'a'"]})


def test_only_the_first_errors_are_told() -> None:
    rows = [row("step", number=number, error="x" * 1000) for number in range(1, 100)]
    told = NoError()(CaseTrace.of_rows(rows)).metadata["errors"]
    assert (len(told), len(told[0])) == (10, 206)


def test_without_a_trace() -> None:
    with pytest.raises(ScoreError, match="no_error looks at the trace"):
        NoError()(None)
