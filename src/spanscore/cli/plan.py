"""`spanscore plan`: what it would take to show a difference."""

import argparse
from dataclasses import asdict

from spanscore._counted import counted
from spanscore.cli._arguments import add_experiment, add_json
from spanscore.cli._output import json_line
from spanscore.cli._store import reading_store
from spanscore.errors import NotFoundError
from spanscore.evals._sample_size import SampleSize, sample_sizes
from spanscore.wire.summaries import ScoreSummary


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore plan`."""
    add_experiment(parser)
    wanted = "the difference of a score to be shown, such as 0.02 for two points"
    parser.add_argument("--detect", type=_share, metavar="DIFFERENCE", required=True, help=wanted)
    often = "how often it shall be shown if it is there (0.8 by default)"
    parser.add_argument("--power", type=_share, metavar="SHARE", default=0.8, help=often)
    parser.add_argument("--trials", type=_count, metavar="K", help="with so many trials of each input")
    parser.add_argument("--score", metavar="NAME", help="of this score only")
    parser.add_argument("--baseline", metavar="BASE", help="learn from the comparison with this experiment")
    add_json(parser)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = 0.0
    if not 0 < share < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number between 0 and 1")
    return share


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Print for each score how many inputs, or trials of them, the difference needs."""
    with reading_store() as store:
        experiment = store.find_experiment(args.experiment)
        baseline = args.baseline and store.find_experiment(args.baseline, project=experiment.project).id
        summary = store.summarize_experiment(experiment.id, baseline=baseline)
        before = summary.baseline_id and store.summarize_experiment(summary.baseline_id, baseline=None)
    if args.score is not None and args.score not in summary.scores:
        known = ", ".join(summary.scores) or "none"
        raise NotFoundError(f"{experiment.name} has no score {args.score!r}; its scores are: {known}")
    found = sample_sizes(
        summary, before or None, difference=args.detect, power=args.power, trials=args.trials
    )
    shown = {name: each for name, each in found.items() if args.score in (None, name)}
    if args.json:
        print(json_line({name: each and asdict(each) for name, each in shown.items()}))
    else:
        for name, each in shown.items():
            told = [_unknown(summary.scores[name])] if each is None else _lines(each, summary.baseline)
            print("\n".join(told))
    return 0


def _unknown(score: ScoreSummary) -> str:
    """Why nothing can be planned for the score."""
    if score.is_whole:
        why = "it is one number of the whole experiment, which does not tell"
    elif score.standard_error is None:
        why = "a single input does not tell"
    else:
        why = "its cases score all alike, so that nothing can be learnt of"
    return f"{score.name}: {why} how it varies"


def _lines(size: SampleSize, baseline: str | None) -> list[str]:
    """The plan for one score in words."""
    needed, wanted = counted(size.needed_inputs, "input"), counted(size.wanted_trials, "trial")
    trials = counted(size.trials, "trial")
    lines = [
        f"{size.score}: to show {_points(size.difference)} with a power of {100 * size.power:g} % takes "
        f"{needed} with {wanted} of each, in both runs",
        f"  now there are {size.inputs:,} with {trials}, which show {_points(size.detectable)}",
    ]
    if size.knows_trials:
        lines += _of_trials(size)
    else:
        lines.append("  what more trials would help is unknown; run it with trial_count=2 or more")
    lines.append(
        f"  learnt from the comparison with {baseline}"
        if size.has_pairs
        else "  without a comparison two runs are taken to have nothing in common: it may take less"
    )
    return lines


def _of_trials(size: SampleSize) -> list[str]:
    inputs = counted(size.inputs, "input")
    at_hand = (
        f"  no number of trials of these {inputs} is enough"
        if size.needed_trials is None
        else f"  of these {inputs} it takes {counted(size.needed_trials, 'trial')} each"
    )
    if size.enough_trials is None:
        return [
            at_hand,
            "  the inputs differ no more than trials of one do, so that trials help as much as inputs",
        ]
    return [
        at_hand,
        f"  with any number of trials it takes {counted(size.least_inputs or 1, 'input')} at least",
        f"  more than {counted(size.enough_trials, 'trial')} of each hardly help",
    ]


def _points(difference: float) -> str:
    return f"a difference of {100 * difference:.3g} points"
