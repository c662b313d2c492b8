import pytest

from spanscore.evals import EvalResult, SilentDisplay
from spanscore.wire.seams import ExperimentRef

pytestmark = pytest.mark.core


def test_nothing_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    experiment = ExperimentRef(id="e", name="x", project_id="p", project="bot", created_ns=1)
    result = EvalResult(
        input=1,
        output=None,
        expected=None,
        scores={},
        metadata={},
        tags=(),
        error=None,
        scorer_errors={},
        trial_index=0,
        trace_id="0",
        duration_s=0.1,
    )
    with SilentDisplay().watch(experiment, 1) as told:
        told(result)
    assert capfd.readouterr() == ("", "")
