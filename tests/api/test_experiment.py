"""The experiment that a program fills by itself."""

import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from spanscore import Eval, current_experiment, get_repo_info, init, start_span
from spanscore.api._recording import ensure_recording
from spanscore.errors import ConfigError, EvalError, ScoreError
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent
from spanscore.wire.repo import GitMetadataSettings, RepoInfo
from spanscore.wire.summaries import SummarySkipped, SummarySuccess

pytestmark = pytest.mark.core


def test_logged_cases_are_summarised_and_compared() -> None:
    for name, scores in (("before", [0, 1]), ("after", [1, 1])):
        with init("arithmetic", name, metadata={"model": "m"}, tags=["t"]) as experiment:
            for number, score in enumerate(scores):
                experiment.log(input=number, output=number, expected=number, scores={"exact": score})
            summary = experiment.summarize()
    assert (summary.project, summary.experiment, summary.baseline) == ("arithmetic", "after", "before")
    (score,) = summary.scores.values()
    assert (score.name, score.mean, score.scored) == ("exact", 1.0, 2)
    assert score.difference is not None
    assert (score.difference.difference, score.difference.improvements, score.difference.regressions) == (
        0.5,
        1,
        0,
    )


def test_name_that_is_taken_gets_a_suffix_unless_updated() -> None:
    first, second, third = init("p", "e"), init("p", "e"), init("p", "e", update=True)
    assert first.name == "e"
    assert second.name.startswith("e-")
    assert second.id != first.id
    assert third.id == first.id


def test_spans_that_belong_nowhere_else_go_to_the_current_experiment() -> None:
    assert current_experiment() is None
    experiment = init("p", "e")
    assert current_experiment() is experiment
    with start_span("one"):
        pass
    experiment.close()
    assert current_experiment() is None
    store = SqliteStore(ensure_recording().settings.home / "spanscore.db")
    assert [row.name for row in store.rows(Parent.parse(experiment.parent))] == ["one"]


def test_link_is_the_command_that_shows_it() -> None:
    assert init("p", "e").link().startswith("spanscore experiments show ")


@pytest.mark.parametrize("score", [5, -0.1, float("nan"), "good"])
def test_score_that_is_none_is_refused(score: Any) -> None:
    with init("p") as experiment, pytest.raises(ScoreError):
        experiment.log(input=1, output=1, scores={"exact": score})


def test_eval_is_compared_with_an_experiment_logged_by_hand() -> None:
    with init("p", "by hand") as experiment:
        for number in range(2):
            experiment.log(input={"n": number, "a": "é"}, output=0, scores={"exact": 0})
    data = [{"input": {"a": "é", "n": number}} for number in range(2)]

    def exact(output: Any) -> int:
        return 1

    result = Eval("p", data, lambda value: 1, [exact], quiet=True, base_experiment="by hand")
    (score,) = result.summary.scores.values()
    assert score.difference is not None
    assert (score.difference.pairs, score.difference.difference) == (2, 1.0)


def rows_of(experiment: Any) -> list[dict[str, Any]]:
    return list(experiment.fetch())


def test_everything_that_is_known_of_it() -> None:
    git = GitMetadataSettings(collect="none")
    experiment = init(
        "p", "e", "a run", metadata={"m": 1}, tags=["t"], is_public=True, git_metadata_settings=git
    )
    assert (experiment.project.name, experiment.name) == ("p", "e")
    data = dict(experiment.data)
    assert data.pop("created").endswith("+00:00")
    assert data == {
        "id": experiment.id,
        "project_id": experiment.project.id,
        "name": "e",
        "description": "a run",
        "metadata": {"m": 1},
        "tags": ["t"],
        "public": True,
        "repo_info": None,
        "commit": None,
        "dataset_id": None,
        "dataset_version": None,
    }


def test_what_git_has_told_is_known_of_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for command in ("init -q -b main", "add .", "-c user.name=Ada -c user.email=a@b.c commit -qm first"):
        (tmp_path / "eval.py").write_text("print(1)")
        subprocess.run(["git", *command.split()], check=True)
    told = get_repo_info(GitMetadataSettings())
    assert told is not None
    assert told.commit_message == "first"
    experiment = init("p", "e")
    assert (experiment.data["commit"], experiment.data["repo_info"]) == (told.commit, asdict(told))
    given = init("p", repo_info=RepoInfo(commit="1f"))
    assert (given.data["commit"], given.data["repo_info"]) == ("1f", asdict(RepoInfo(commit="1f")))


def test_its_cases_are_data_for_another_eval() -> None:
    experiment = init("p")
    experiment.log(1, "one", scores={})
    experiment.log(2, "two", "zwei", scores={})
    cases = [(case["input"], case["expected"]) for case in experiment.as_dataset(batch_size=1)]
    assert sorted(cases) == [(1, "one"), (2, "zwei")]
    result = Eval("q", experiment.as_dataset(), lambda value: value, [], quiet=True)
    assert sorted(each.input for each in result.results) == [1, 2]


def test_a_case_needs_input_output_and_scores() -> None:
    experiment = init("p")
    with pytest.raises(ConfigError, match=r"log\(\) got no output, no scores"):
        experiment.log(1)
    assert experiment.log(1, 2, 3, None, ["t"], {"exact": True}, {"m": 1}, {"hits": 2})
    (row,) = experiment
    found = {name: row[name] for name in ("input", "output", "expected", "tags", "scores", "metadata")}
    assert found == {
        "input": 1,
        "output": 2,
        "expected": 3,
        "tags": ["t"],
        "scores": {"exact": 1.0},
        "metadata": {"m": 1},
    }
    assert row["metrics"]["hits"] == 2


def test_an_id_of_the_programs_own_is_one_row() -> None:
    experiment = init("p")
    assert experiment.log(1, 1, scores={"exact": 0}, id="first") == "first"
    assert experiment.log(1, 2, scores={"exact": 1}, id="first") == "first"
    experiment.log_feedback("first", comment="nice", scores={"human": 0.5}, tags=["seen"])
    (row,) = experiment
    assert (row["output"], row["scores"], row["tags"]) == (2, {"exact": 1, "human": 0.5}, ["seen"])
    assert [comment["comment"] for comment in row["comments"]] == [{"text": "nice"}]


def test_a_row_is_updated_by_its_id() -> None:
    experiment = init("p")
    row_id = experiment.log(1, 1, scores={}, metadata={"a": 1})
    experiment.update_span(row_id, metadata={"b": 2}, output=3)
    (row,) = experiment
    assert (row["output"], row["metadata"]) == (3, {"a": 1, "b": 2})


def test_logging_beside_spans_is_refused_unless_it_is_meant() -> None:
    experiment = init("p")
    with start_span("traced"), pytest.raises(EvalError, match="allow_concurrent_with_spans=True"):
        experiment.log(1, 1, scores={})
    experiment.log(1, 1, scores={})
    experiment.start_span().end()
    with pytest.raises(EvalError, match="allow_concurrent_with_spans=True"):
        experiment.log(1, 1, scores={})
    experiment.log(1, 1, scores={}, allow_concurrent_with_spans=True)
    assert sorted(row["span_attributes"]["name"] for row in rows_of(experiment)) == [
        "eval",
        "eval",
        "root",
        "traced",
    ]


def test_a_summary_without_scores() -> None:
    experiment = init("p")
    experiment.log(1, 1, scores={"exact": 1})
    summary = experiment.summarize(summarize_scores=False)
    assert (summary.cases, dict(summary.scores), dict(summary.metrics)) == (1, {}, {})
    assert summary.comparison == SummarySkipped(reason="Score summarization was disabled")
    whole = experiment.summarize()
    assert whole.comparison == SummarySuccess(scores=whole.scores, metrics=whole.metrics)
    assert (whole.experiment_url, whole.project_url) == (None, None)


def test_the_baseline_is_told() -> None:
    with init("p", "before") as before:
        before.log(1, 1, scores={"exact": 1})
        assert before.fetch_base_experiment() is None
    with init("p", "after", base_experiment="before") as after:
        found = after.fetch_base_experiment()
        assert found is not None
        assert (found.id, found.name) == (before.id, "before")


def test_the_version_is_that_of_the_newest_row() -> None:
    experiment = init("p")
    assert experiment.version is None
    experiment.log(1, 1, scores={})
    assert experiment.version == max(row["_xact_id"] for row in experiment)


def test_spans_begin_below_what_it_exports() -> None:
    experiment = init("p", set_current=False)
    start_span("elsewhere", parent=experiment.export()).end()
    assert [row["span_attributes"]["name"] for row in rows_of(experiment)] == ["elsewhere"]
    assert experiment.close() == experiment.id
