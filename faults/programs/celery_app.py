"""A celery application with a broker of files, whose tasks record."""

import os
from typing import Any

from celery import Celery  # pyright: ignore[reportMissingTypeStubs] - it has none

from faults.programs.recording import record, start

_BROKER = os.environ["FAULTS_BROKER"]
SPANS_PER_TASK = 50

app: Any = Celery("faults", broker="filesystem://")
app.conf.update(
    broker_transport_options={
        "data_folder_in": _BROKER,
        "data_folder_out": _BROKER,
        "control_folder": f"{_BROKER}/control",
        "polling_interval": 0.05,
    },
    worker_max_tasks_per_child=1,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    broker_connection_retry_on_startup=True,
)

# In the master: its children inherit the recording.
start()


@app.task(name="faults.work")
def work() -> None:
    """Record a few spans."""
    record(SPANS_PER_TASK, seconds=0.0)
