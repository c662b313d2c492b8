"""The arguments of `spanscore eval`."""

import argparse
from pathlib import Path

import pytest

from spanscore.cli._eval_arguments import add_eval_arguments, check_arguments, look_of, overrides_of
from spanscore.errors import ConfigError
from spanscore.evals import Look, Overrides

pytestmark = pytest.mark.core


def parsed(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_eval_arguments(parser)
    return parser.parse_args(arguments)


def test_without_arguments_everything_is_left_to_the_files() -> None:
    args = parsed()
    assert args.paths == [Path()]
    assert (overrides_of(args), look_of(args), args.matrix) == (Overrides(), Look(), [])


def test_every_argument_becomes_an_override() -> None:
    args = parsed(
        "--filter=metadata.topic=bill.*=x", "--filter", "input=a", "eval_a.py", "--first=3", "--sample=2",
        "--seed=7", "--failing=r1", "--resume=r2", "--retry-errors=r3", "--experiment-name=e",
        "--param=shots=2", "--param", "model=gpt-5", "--max-concurrency=4", "--num-workers=5", "--cache",
        "--no-send-logs", "--list",
    )  # fmt: skip
    assert args.paths == [Path("eval_a.py")]
    assert overrides_of(args) == Overrides(
        first=3,
        sample=2,
        seed=7,
        filters=(("metadata.topic", "bill.*=x"), ("input", "a")),
        failing="r1",
        resume="r2",
        retry_errors="r3",
        cache=True,
        parameters={"shots": 2, "model": "gpt-5"},
        experiment_name="e",
        no_send_logs=True,
        num_workers=5,
        max_concurrency=4,
        list_only=True,
    )


def test_how_much_is_shown() -> None:
    assert look_of(parsed("-vv", "--no-progress-bars")) == Look(verbose=True, progress=False)
    assert look_of(parsed("--quiet", "--no-progress")) == Look(quiet=True, progress=False)


def test_the_official_names_and_ours() -> None:
    assert parsed("--jsonl").jsonl is parsed("--json").jsonl is True


def test_the_values_of_a_matrix_are_json_where_they_are_json() -> None:
    args = parsed("--matrix", "model=a, b", "--matrix", "shots=0,5", "--matrix", 'name=["x,y","z"]')
    assert args.matrix == [("model", ("a", "b")), ("shots", (0, 5)), ("name", ("x,y", "z"))]


WRONG = {
    "a filter without a path": (
        ["--filter", "billing"],
        "'billing' has no path; write it like metadata.topic=billing",
    ),
    "a filter that is no regex": (["--filter", "input=("], "'(' is no regular expression"),
    "no run": (["--resume", ""], "argument --resume: the name is empty; a variable of the shell may have no"),
    "no name": (["--experiment-name", " "], "argument --experiment-name: the name is empty; a variable of"),
    "no number": (["--first", "0"], "'0' is no whole number from 1"),
    "a parameter without a name": (
        ["--param", "=2"],
        "'=2' is no name with a value; write it like model=gpt-5",
    ),
    "a parameter without a value": (["--param", "k"], "'k' is no name with a value; write it like model=gpt"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage_is_said_clearly(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, message = WRONG[name]
    with pytest.raises(SystemExit) as ended:
        parsed(*arguments)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def test_a_seed_without_a_sample_and_flags_that_contradict_are_refused() -> None:
    check_arguments(parsed("--sample", "3", "--seed", "1"))
    with pytest.raises(ConfigError, match="--seed 1 chooses a sample, and none is asked for; give --sample"):
        check_arguments(parsed("--seed", "1"))
    with pytest.raises(ConfigError, match="--resume and --retry-errors are both given"):
        check_arguments(parsed("--resume", "a", "--retry-errors", "b"))
    with pytest.raises(ConfigError, match="--matrix makes an experiment of each combination"):
        check_arguments(parsed("--resume", "a", "--matrix", "k=1,2"))
