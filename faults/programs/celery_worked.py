"""A celery prefork worker that ends each child after one task; told to end when all tasks are done."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from faults.marks import count_marks
from faults.programs.celery_app import SPANS_PER_TASK, app
from faults.programs.recording import MARKS, SPANS

_PATIENCE_S = 40.0

if __name__ == "__main__":
    tasks = max(1, SPANS // SPANS_PER_TASK)
    for _ in range(tasks):
        app.send_task("faults.work")
    command = [sys.executable, "-m", "celery", "-A", "faults.programs.celery_app", "worker"]
    options = [
        "--pool=prefork",
        "--concurrency=2",
        "--loglevel=ERROR",
        "--without-gossip",
        "--without-mingle",
    ]
    worker = subprocess.Popen([*command, *options, "--without-heartbeat"])
    deadline = time.monotonic() + _PATIENCE_S
    folder = Path(os.environ["FAULTS_MARKS"])
    while count_marks(folder) < tasks * SPANS_PER_TASK and time.monotonic() < deadline:
        time.sleep(0.2)
    worker.send_signal(signal.SIGTERM)
    MARKS.last_statement()
    try:
        worker.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        MARKS.count(hangs=1)
        worker.kill()
