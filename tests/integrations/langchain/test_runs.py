"""What LangChain puts below a run belongs to the nearest one that has a span of its own."""

from uuid import uuid4

from spanscore.integrations._model_run import ModelRun
from spanscore.integrations._run import Run
from spanscore.integrations.langchain._runs import OPEN, Hidden, run_below
from spanscore.testing import RecordedRecords


def test_the_nearest_run_with_a_span(recorded: RecordedRecords) -> None:
    task, model, hidden = uuid4(), uuid4(), uuid4()
    run = Run("task", span_type="task")
    OPEN.put(task, run)
    OPEN.put(model, ModelRun("model", above=run))
    OPEN.put(hidden, Hidden(run))
    assert [run_below(key) for key in (task, model, hidden)] == [run, run, run]
    assert [run_below(key) for key in (uuid4(), None)] == [None, None]
    OPEN.end_all()
    assert [span.name for span in recorded.spans] == ["model", "task"]
