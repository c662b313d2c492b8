"""`spanscore plan` over a real store."""

import json
from pathlib import Path

import pytest

from experiment_runs import case, run
from spanscore.cli import main
from spanscore.store import SqliteStore

pytestmark = pytest.mark.core


@pytest.fixture
def planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs over forty inputs, with two trials of each."""
    monkeypatch.setenv("SPANSCORE_HOME", str(tmp_path))
    store = SqliteStore(tmp_path / "spanscore.db")
    for shift in (0, 1):
        run(
            store,
            *(
                case(number, trial=trial, scores={"s": ((number + trial * 3 + shift) % 5) / 4, "same": 1.0})
                for number in range(40)
                for trial in range(2)
            ),
        )
    store.close()


@pytest.mark.usefixtures("planned")
def test_with_trials_in_both_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "experiment-2", "--detect", "0.05", "--score", "s"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("s: to show a difference of 5 points with a power of 80 % takes ")
    assert lines[0].endswith(" inputs with 2 trials of each, in both runs")
    assert lines[1].startswith("  now there are 40 with 2 trials, which show a difference of ")
    assert lines[-1] == "  learnt from the comparison with experiment-1"


@pytest.mark.usefixtures("planned")
def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["plan", "experiment-2", "--detect", "0.05", "--trials", "8", "--power", "0.9", "--json"]) == 0
    )
    shown = json.loads(capsys.readouterr().out)
    assert shown["same"] is None
    assert (shown["s"]["wanted_trials"], shown["s"]["power"], shown["s"]["knows_trials"]) == (8, 0.9, True)


@pytest.mark.usefixtures("home")
def test_without_trials_or_a_baseline(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "first", "--detect", "0.1"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "exact: to show a difference of 10 points with a power of 80 % takes 471 inputs "
        "with 1 trial of each, in both runs",
        "  now there are 5 with 1 trial, which show a difference of 97 points",
        "  what more trials would help is unknown; run it with trial_count=2 or more",
        "  without a comparison two runs are taken to have nothing in common: it may take less",
        "brief: its cases score all alike, so that nothing can be learnt of how it varies",
    ]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--detect", "2"], "'2' is no number between 0 and 1"),
        (["--detect", "0.1", "--trials", "0"], "'0' is no whole number from 1"),
        ([], "the following arguments are required: --detect"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["plan", "first", *arguments])
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.usefixtures("home")
def test_a_score_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "first", "--detect", "0.1", "--score", "exat"]) == 1
    assert capsys.readouterr().err == "spanscore: first has no score 'exat'; its scores are: exact, brief\n"


def test_trials_that_a_score_was_skipped_in_do_not_make_one_of_all(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPANSCORE_HOME", str(tmp_path))
    store = SqliteStore(tmp_path / "spanscore.db")
    skipped = case(0, trial=0, scores={"s": None})
    run(
        store,
        skipped,
        *(case(n, trial=k, scores={"s": (n + k) % 2 / 1}) for n in range(9) for k in (1, 2, 3)),
    )
    ref = run(store, *(case(n, trial=k, scores={"s": k / 2}) for n in range(9) for k in range(3) if n or k))
    store.keep_summary_scores(ref.id, {"f1": 0.5})
    store.close()
    assert main(["plan", "experiment-2", "--detect", "0.5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("with 3 trials of each, in both runs")
    assert lines[-1] == "f1: it is one number of the whole experiment, which does not tell how it varies"


def test_a_single_input_tells_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPANSCORE_HOME", str(tmp_path))
    store = SqliteStore(tmp_path / "spanscore.db")
    run(store, case("a", scores={"s": 1.0}))
    store.close()
    assert main(["plan", "experiment-1", "--detect", "0.5"]) == 0
    assert capsys.readouterr().out == "s: a single input does not tell how it varies\n"
