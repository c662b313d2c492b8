"""`spanscore score`: score the stored outputs of an experiment again, without running its task."""

import argparse
from contextlib import nullcontext

from spanscore.api._own_loop import run_in_own_loop
from spanscore.api._score_again import score_again
from spanscore.cli._arguments import add_experiment
from spanscore.cli._eval_conclusion import result_line
from spanscore.cli._eval_output import stdout_for_results
from spanscore.cli._functions import load_functions
from spanscore.evals import Look


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore score`."""
    add_experiment(parser)
    add = parser.add_argument
    functions = "scorers in a Python file, as scorers.py:exact,brief; may be given several times"
    add("--scores", action="append", required=True, metavar="FILE:NAME[,NAME]", help=functions)
    add("--experiment-name", metavar="NAME", help="the new experiment's (default: the old one's, rescored)")
    add("--max-concurrency", type=int, metavar="N", help="at most N cases at once")
    add("--quiet", action="store_true", help="show nothing")
    add("--no-progress", action="store_true", help="do not say how far it is")
    add("--jsonl", "--json", action="store_true", help="one JSON object on stdout; all else on stderr")
    parser.epilog = (
        "Exit code: 0 all fine; 1 a scorer failed, or a case whose task had failed; 2 wrong usage."
    )


def run(args: argparse.Namespace) -> int:
    """Score the experiment into a new one, and show it beside the old one."""
    with stdout_for_results() if args.jsonl else nullcontext() as results:
        scores = [scorer for text in args.scores for scorer in load_functions(text)]
        result = run_in_own_loop(
            score_again(
                args.experiment,
                scores,
                experiment_name=args.experiment_name,
                max_concurrency=args.max_concurrency,
                look=Look(quiet=args.quiet or args.jsonl, progress=not args.no_progress),
            )
        )
        if results is not None:
            print(result_line(result), file=results, flush=True)
    return 0 if result.success else 1
