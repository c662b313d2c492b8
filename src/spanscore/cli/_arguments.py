"""Arguments that several commands share."""

import argparse


def add_json(parser: argparse.ArgumentParser) -> None:
    """`--json`: for programs."""
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")


def add_project(parser: argparse.ArgumentParser) -> None:
    """`--project`: of one project only."""
    parser.add_argument("--project", metavar="NAME", help="of this project only")


def add_limit(parser: argparse.ArgumentParser, default: int) -> None:
    """`--limit`: how many at most."""
    text = f"at most so many ({default} by default)"
    parser.add_argument("--limit", type=count, metavar="N", default=default, help=text)


def count(text: str) -> int:
    """A whole number from 1, for argparse."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def add_experiment(parser: argparse.ArgumentParser) -> None:
    """`EXPERIMENT`: which one."""
    named = "its name, PROJECT/NAME, its id or the beginning of it"
    parser.add_argument("experiment", metavar="EXPERIMENT", help=named)
