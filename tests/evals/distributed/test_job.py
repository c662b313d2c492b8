"""What a worker is told, and what it is not."""

import threading

import pytest

from spanscore._config import Settings
from spanscore.evals import EvalOptions
from spanscore.evals._eval_spans import EvalSpans
from spanscore.evals.distributed import job_of
from spanscore.testing import recorded_spans
from spanscore.tracing import start_span
from spanscore.wire.seams import ExperimentRef

pytestmark = pytest.mark.core

REF = ExperimentRef(id="e", name="n", project_id="p", project="bot", created_ns=1)


def row_of(span: object) -> object:
    return span


def test_it_has_no_key_no_data_and_nothing_of_the_process() -> None:
    options = EvalOptions(
        project="bot",
        data=[1],
        task=len,
        scores=(),
        cancel_event=threading.Event(),
        stream=print,
        on_start=print,
    )
    settings = Settings.from_env(api_key="sk-never-to-be-seen", project="bot")
    with recorded_spans(), start_span("above") as above:
        spans = EvalSpans.of("e", {"task_fingerprint": "f"})
        job = job_of(options, settings, REF, spans, row_of, collects=True)  # type: ignore[arg-type]
        link = (int(above.root_span_id, 16), int(above.id, 16))
    assert (job.options.data, job.options.cancel_event, job.options.stream, job.options.on_start) == ((),) + (
        None,
    ) * 3
    assert (job.settings.api_key, job.settings.project, job.links, job.marks) == (
        None,
        "bot",
        (link,),
        {"task_fingerprint": "f"},
    )
    again = job.spans()
    assert (again.parent, again.marks, [each.context.span_id for each in again.links]) == (
        "experiment_id:e",
        {"task_fingerprint": "f"},
        [link[1]],
    )
