from typing import Any

import pytest

from spanscore.evals import EvalCase, EvalOptions
from spanscore.evals._judge import Panel
from spanscore.evals._planning import cluster_of, hooks_of, judge_limit_of, limit_of, request_of
from spanscore.wire.repo import RepoInfo
from spanscore.wire.seams import ExperimentRequest

pytestmark = pytest.mark.core


def options(**given: Any) -> EvalOptions:
    return EvalOptions(project="p", data=[], task=len, scores=[], **given)


def exact(output: object) -> float:
    return 1.0


def test_the_backend_is_told_everything_about_the_experiment() -> None:
    given = options(
        project_id="pid",
        experiment_name="n",
        metadata={"m": 1},
        tags=["t"],
        errors="fail",
        description="d",
        update=True,
        is_public=True,
        repo_info=RepoInfo(commit="abc"),
        baseline="b",
        on_unreachable="local",
    )
    assert request_of(given, Panel.of([exact], [exact]), ("set", "7")) == ExperimentRequest(
        project="p",
        project_id="pid",
        name="n",
        metadata={"m": 1},
        tags=("t",),
        scorers=("exact",),
        errors="fail",
        description="d",
        update=True,
        is_public=True,
        repo_info=RepoInfo(commit="abc"),
        baseline="b",
        dataset_id="set",
        dataset_version="7",
        on_unreachable="local",
        says_its_end=True,
    )
    assert request_of(options(), Panel.of([]), None).dataset_id is None


def test_limits_are_as_asked_for() -> None:
    assert (limit_of(options()).allowed, limit_of(options()).is_adaptive) == (10, True)
    fixed = limit_of(options(max_concurrency=3))
    assert (fixed.allowed, fixed.is_adaptive) == (3, False)
    judges = judge_limit_of(options(max_scorer_concurrency=2))
    assert judges is not None
    assert (judges.allowed, judge_limit_of(options())) == (2, None)


def test_a_cluster_is_named_by_what_stands_at_its_path() -> None:
    named = cluster_of(options(cluster_key="metadata.doc"))
    assert named is not None
    assert (named(EvalCase(1, metadata={"doc": "a"})), named(EvalCase(1))) == ('"a"', "null")
    assert cluster_of(options()) is None


def test_progress_is_told_by_the_official_names() -> None:
    events: list[Any] = []
    hooks = hooks_of(options(stream=events.append), {"k": 1})
    assert hooks.parameters == {"k": 1}
    assert hooks.on_progress is not None
    origin = {"object_type": "dataset", "id": "row"}
    hooks.on_progress(EvalCase(1, id="row", origin=origin), {"event": "start", "data": "x"})
    assert events == [
        {"id": "row", "object_type": "task", "name": "p", "event": "start", "data": "x", "origin": origin}
    ]
    assert hooks_of(options(), {}).on_progress is None
