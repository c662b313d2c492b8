"""Commands that read a store which is not there."""

from pathlib import Path

import pytest

from spanscore.cli import main
from spanscore.cli._store import container_name, reading_store

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    "arguments",
    [
        ["experiments", "list"],
        ["experiments", "show", "first"],
        ["experiments", "compare", "first"],
        ["trace", "latest"],
        ["logs"],
        ["export", "project_name:shop"],
    ],
    ids=" ".join,
)
def test_says_so_with_the_remedy_and_makes_nothing(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SPANSCORE_HOME", str(tmp_path / "home"))

    assert main(arguments) == 1
    assert capsys.readouterr().err == (
        f"spanscore: there is no {tmp_path}/home/spanscore.db: nothing has been recorded here; run "
        "`spanscore eval` or a program that calls init_logger(), or set "
        "SPANSCORE_HOME to the folder where something was\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("home")
def test_an_experiment_is_named_with_its_project_and_other_containers_as_they_are() -> None:
    with reading_store() as store:
        experiment = store.find_experiment("greetings/first")
        parents = [f"experiment_id:{experiment.id}", "project_name:shop", "project_id:p-1"]

        assert [container_name(store, parent) for parent in parents] == ["greetings/first", "shop", "p-1"]
