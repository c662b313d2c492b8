"""Cases that run in other processes, on a cluster, while this one keeps the experiment."""

from spanscore.evals.distributed._job import Job, job_of
from spanscore.evals.distributed._outcome import Outcome
from spanscore.evals.distributed._worker import CaseWorker

__all__ = ["CaseWorker", "Job", "Outcome", "job_of"]
