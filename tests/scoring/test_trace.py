import pytest

from spanscore.errors import ScoreError
from spanscore.evals import CaseTrace
from spanscore.scoring._trace import Trace, recorded
from trace_rows import row

pytestmark = pytest.mark.core


def test_a_cases_trace_is_what_scorers_know() -> None:
    trace: Trace = CaseTrace.of_rows([row("task")])
    assert recorded(trace, "mine") is trace


NOT_RECORDED = CaseTrace(list, experiment_id="", trace_id="")


@pytest.mark.parametrize("trace", [None, NOT_RECORDED])
def test_none(trace: Trace | None) -> None:
    with pytest.raises(
        ScoreError, match="mine looks at the trace, and this eval records none; run it without"
    ):
        recorded(trace, "mine")
