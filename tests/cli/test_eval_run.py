"""The run of eval files, one after the other."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from spanscore.cli._eval_run import RunPlan, run_files
from spanscore.evals import EndedEval, Look, Overrides

pytestmark = pytest.mark.core

NOTING = "from spanscore.evals import active_session\nprint(active_session().overrides.parameters)\n"


@pytest.fixture(autouse=True)
def unchanged_modules() -> Iterator[None]:
    modules = dict(sys.modules)
    yield
    for name in set(sys.modules) - set(modules):
        del sys.modules[name]


def plan(*files: Path, **more: object) -> RunPlan:
    return RunPlan(files=files, **{"overrides": Overrides(), "look": Look(quiet=True), **more})  # type: ignore[arg-type]


def ignore(file: Path, evals: Sequence[EndedEval]) -> None:
    return None


def write(folder: Path, **texts: str) -> list[Path]:
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text)
    return [folder / f"{name}.py" for name in texts]


def test_files_run_once_for_each_combination(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [file] = write(tmp_path, eval_a=NOTING)
    overrides = Overrides(parameters={"shots": 1, "model": "c"})
    run_files(plan(file, overrides=overrides, matrix=[("model", ("a", "b"))]), ignore)
    captured = capsys.readouterr()
    assert captured.out == "{'shots': 1, 'model': 'a'}\n{'shots': 1, 'model': 'b'}\n"
    assert captured.err.count("has run no Eval()") == 2


def test_a_file_that_fails_is_told_and_the_others_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = write(tmp_path, eval_a="1 / 0", eval_b=NOTING)
    told: list[Path] = []

    outcome = run_files(plan(bad, good), lambda file, _evals: told.append(file))

    assert (told, outcome.broken) == ([bad, good], [bad])
    captured = capsys.readouterr()
    assert captured.err.startswith(f"{bad} failed:\nTraceback")
    assert "ZeroDivisionError" in captured.err
    assert captured.out == "None\n"


def test_a_file_that_fails_may_end_it_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, good = write(tmp_path, eval_a="1 / 0", eval_b=NOTING)
    outcome = run_files(plan(bad, good, terminate_on_failure=True, matrix=[("a", (1, 2))]), ignore)
    assert outcome.broken == [bad]
    assert capsys.readouterr().out == ""


def test_a_reporter_in_any_file_is_expected_from_the_start(tmp_path: Path) -> None:
    first, second = write(tmp_path, eval_a="", eval_b="if False: Reporter('r', print, all)")
    assert run_files(plan(first, second), ignore).session.leaves_figures_to_reporters
    assert not run_files(plan(first), ignore).session.leaves_figures_to_reporters
