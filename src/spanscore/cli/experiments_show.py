"""`spanscore experiments show`: the figures of one experiment."""

import argparse

from spanscore.cli._arguments import add_experiment, add_json
from spanscore.cli._figures import print_figures
from spanscore.cli._output import json_line
from spanscore.cli._store import reading_store
from spanscore.cli._summary_json import summary_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore experiments show`."""
    add_experiment(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the figures as the eval did when it ended."""
    with reading_store() as store:
        experiment = store.find_experiment(args.experiment)
        summary = store.summarize_experiment(experiment.id, baseline=None)
    if args.json:
        print(json_line(summary_json(summary)))
    else:
        print_figures(experiment, summary, further=f"spanscore export experiment_id:{experiment.id}")
    return 0
