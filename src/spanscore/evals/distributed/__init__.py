"""Cases that run in other processes, on a cluster, while this one keeps the experiment."""

from spanscore.evals.distributed._job import Job, job_of
from spanscore.evals.distributed._outcome import Outcome
from spanscore.evals.distributed._running import Elsewhere, RemoteWorkers, running_in
from spanscore.evals.distributed._worker import CaseWorker

__all__ = ["CaseWorker", "Elsewhere", "Job", "Outcome", "RemoteWorkers", "job_of", "running_in"]
