"""Arguments that several commands share."""

import argparse

import pytest

from spanscore.cli._arguments import add_experiment, add_json, add_limit, add_project

pytestmark = pytest.mark.core


def parse(*arguments: str) -> dict[str, object]:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_experiment(parser)
    add_project(parser)
    add_limit(parser, 20)
    add_json(parser)
    return vars(parser.parse_args(arguments))


def test_what_is_not_said() -> None:
    assert parse("first") == {"experiment": "first", "project": None, "limit": 20, "json": False}


def test_what_is_said() -> None:
    assert parse("--json", "first", "--limit", "3", "--project", "p") == {
        "experiment": "first",
        "project": "p",
        "limit": 3,
        "json": True,
    }


@pytest.mark.parametrize("limit", ["0", "-1", "1.5", "all"])
def test_a_limit_is_a_whole_number_from_1(limit: str) -> None:
    with pytest.raises(argparse.ArgumentError, match="--limit"):
        parse("first", f"--limit={limit}")
