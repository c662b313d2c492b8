"""Where the cases of an eval run, if not in this process."""

from typing import TYPE_CHECKING

from opentelemetry.sdk.trace import ReadableSpan

from spanscore.wire.rows import Row

if TYPE_CHECKING:
    from spanscore._connect import Connection
    from spanscore.evals import EvalOptions
    from spanscore.evals._plan import Plan
    from spanscore.evals.distributed import Elsewhere, RemoteWorkers
    from spanscore.wire.seams import ExperimentRef


def elsewhere(options: "EvalOptions", connection: "Connection | None") -> "Elsewhere | None":
    """What makes the workers that `options` ask for; None if the cases run here."""
    if options.executor == "local" or connection is None:
        return None

    def workers(experiment: "ExperimentRef", plan: "Plan") -> "RemoteWorkers":
        # Here and not at the top: only such an eval needs the cluster.
        from spanscore.evals.distributed import job_of  # noqa: PLC0415
        from spanscore.evals.distributed._ray import RayWorkers  # noqa: PLC0415

        settings = connection.settings
        job = job_of(options, settings, experiment, plan.spans, row_of, collects=plan.collects)
        return RayWorkers(job, options.num_workers, connection.outbox.put)

    return workers


def row_of(span: ReadableSpan) -> Row:
    """What row a span becomes; the embedded store's word for it, which needs no store."""
    from spanscore.store.ingest import ingest  # noqa: PLC0415

    return ingest(span)
