"""The figures of an experiment on the screen."""

from spanscore.evals import ExperimentResult, choose_display
from spanscore.wire.seams import ExperimentRef
from spanscore.wire.summaries import ExperimentSummary


def print_figures(experiment: ExperimentRef, summary: ExperimentSummary, *, further: str) -> None:
    """Print the figures as `Eval` does when it has run; `further` is the command to go on with."""
    result = ExperimentResult(
        experiment=experiment, summary=summary, duration_s=summary.duration_s, permalink=further
    )
    choose_display().show(result)
