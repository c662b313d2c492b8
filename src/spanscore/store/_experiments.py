"""Experiments: registering them, finding them again."""

import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from spanscore._json import from_json
from spanscore.errors import NotFoundError
from spanscore.store._attributes import as_json
from spanscore.store._containers import make_container, make_project
from spanscore.store._sql import sql
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.repo import RepoInfo
from spanscore.wire.seams import ExperimentRef, ExperimentRequest
from spanscore.wire.trials import RESCORED_FROM

_SHORTEST_PREFIX: Final = 8
_SHOWN: Final = 8


def register(connection: sqlite3.Connection, request: ExperimentRequest, now_ns: int) -> ExperimentRef:
    """The experiment that was asked for, made unless it is updated or its id is known. Inside a transaction.

    Raises NotFoundError if the baseline it names does not exist.
    """
    project_id = _project(connection, request, now_ns)
    known = _known(connection, request, project_id)
    if known is not None:
        _add_scorers(connection, known.id, request.scorers)
        if request.baseline is not None:
            baseline = find(connection, request.baseline, known.project)
            connection.execute(sql("set_baseline"), (baseline.id, known.id))
        if request.says_its_end:
            connection.execute(sql("set_unfinished"), (True, known.id))
        return known
    name = request.name or _free_name(connection, project_id)
    if connection.execute(sql("experiment_by_name"), (project_id, name)).fetchone() is not None:
        name = f"{name}-{uuid.uuid4().hex[:8]}"
    ref = ExperimentRef(
        id=request.id or str(uuid.uuid4()),
        name=name,
        project_id=project_id,
        project=_project_name(connection, project_id),
        created_ns=now_ns,
    )
    _insert(connection, ref, request)
    make_container(connection, Parent(ParentKind.EXPERIMENT_ID, ref.id), now_ns)
    return ref


def _project(connection: sqlite3.Connection, request: ExperimentRequest, now_ns: int) -> str:
    """The id of the project; one that is given goes before the name."""
    if request.project_id is None:
        return make_project(connection, request.project, now_ns)
    connection.execute(sql("insert_project"), (request.project_id, request.project or None, now_ns))
    if connection.execute(sql("project_by_id"), (request.project_id,)).fetchone() is not None:
        return request.project_id
    # Another backend's id of a project that has one here already.
    return make_project(connection, request.project, now_ns)


def _project_name(connection: sqlite3.Connection, project_id: str) -> str:
    return connection.execute(sql("project_by_id"), (project_id,)).fetchone()[0] or project_id


def _known(
    connection: sqlite3.Connection, request: ExperimentRequest, project_id: str
) -> ExperimentRef | None:
    """The experiment that the request adds to, if there is one: that of the id, else of the name."""
    if request.id is None and not (request.update and request.name):
        return None
    values = {"reference": request.id or request.name, "project": project_id}
    if request.id is not None:
        found = _refs(connection, "experiments_by_id", {**values, "project": None})
    else:
        found = [
            each
            for each in _refs(connection, "experiments_by_name", values)
            if (each.project_id, each.name) == (project_id, request.name)
        ]
    return found[0] if found else None


def request_of(connection: sqlite3.Connection, experiment_id: str) -> ExperimentRequest:
    """What the experiment was asked for with. Raises NotFoundError."""
    found = connection.execute(sql("experiment_request"), (experiment_id,)).fetchone()
    if found is None:
        raise NotFoundError(f"the store has no experiment with the id {experiment_id!r}")
    name, project, description, metadata, tags, is_public, repo_info, dataset_id, dataset_version = found
    return ExperimentRequest(
        project=project,
        name=name,
        description=description,
        metadata=from_json(metadata),
        tags=from_json(tags),
        is_public=bool(is_public),
        repo_info=None if repo_info is None else RepoInfo(**from_json(repo_info)),
        dataset_id=dataset_id,
        dataset_version=dataset_version,
    )


def is_known(connection: sqlite3.Connection, experiment_id: str) -> bool:
    """True if there is an experiment of that id."""
    return bool(_refs(connection, "experiments_by_id", {"reference": experiment_id, "project": None}))


def _insert(connection: sqlite3.Connection, ref: ExperimentRef, request: ExperimentRequest) -> None:
    repo = request.repo_info
    values = {
        "id": ref.id,
        "project_id": ref.project_id,
        "name": ref.name,
        "description": request.description,
        "metadata": as_json(dict(request.metadata)),
        "tags": as_json(list(request.tags)),
        "scorers": as_json(list(request.scorers)),
        "errors": request.errors,
        "created_ns": ref.created_ns,
        "is_public": request.is_public,
        "repo_info": None if repo is None else as_json(asdict(repo)),
        "commit_id": None if repo is None else repo.commit,
        "dataset_id": request.dataset_id,
        "dataset_version": request.dataset_version,
        "baseline_id": _chosen_baseline(connection, request, ref.project_id),
        "partial": request.partial,
        "is_unfinished": request.says_its_end,
    }
    connection.execute(sql("insert_experiment"), values)


def _chosen_baseline(
    connection: sqlite3.Connection, request: ExperimentRequest, project_id: str
) -> str | None:
    """The id of the baseline that is named, else of the newest experiment at the nearest commit before."""
    if request.baseline is not None:
        return find(connection, request.baseline, _project_name(connection, project_id)).id
    if not request.ancestor_commits:
        return None
    newest: dict[str, str] = {}
    for commit, experiment_id in connection.execute(sql("experiments_with_commit"), (project_id,)):
        newest.setdefault(commit, experiment_id)
    return next((newest[commit] for commit in request.ancestor_commits if commit in newest), None)


def _free_name(connection: sqlite3.Connection, project_id: str) -> str:
    number: int = connection.execute(sql("count_experiments"), (project_id,)).fetchone()[0] + 1
    while connection.execute(sql("experiment_by_name"), (project_id, f"experiment-{number}")).fetchone():
        number += 1
    return f"experiment-{number}"


def _add_scorers(connection: sqlite3.Connection, experiment_id: str, scorers: Sequence[str]) -> None:
    known = experiment_rules(connection, experiment_id)[0]
    both = [*known, *(name for name in scorers if name not in known)]
    connection.execute(sql("set_scorers"), (as_json(both), experiment_id))


def keep_summary_scores(
    connection: sqlite3.Connection, experiment_id: str, scores: Mapping[str, float | None]
) -> None:
    """Keep the scores of the whole experiment in place of those before. Inside a transaction."""
    connection.execute(sql("delete_summary_scores"), (experiment_id,))
    rows = [(experiment_id, place, name, value) for place, (name, value) in enumerate(scores.items())]
    connection.executemany(sql("insert_summary_score"), rows)


def summary_scores(connection: sqlite3.Connection, experiment_id: str) -> dict[str, float | None]:
    """The scores of the whole experiment, None for a skipped one."""
    return dict(connection.execute(sql("summary_scores"), (experiment_id,)))


def experiment_rules(connection: sqlite3.Connection, experiment_id: str) -> tuple[list[str], str]:
    """Names of the scorers and the rule for errored cases."""
    scorers, errors = connection.execute(sql("experiment_rules"), (experiment_id,)).fetchone()
    return from_json(scorers), errors


def is_rescored(connection: sqlite3.Connection, experiment_id: str) -> bool:
    """True if the experiment scores what another has: its cases took no time of their own."""
    (metadata,) = connection.execute(sql("experiment_metadata"), (experiment_id,)).fetchone()
    return RESCORED_FROM in from_json(metadata)


def find(connection: sqlite3.Connection, reference: str, project: str | None) -> ExperimentRef:
    """The experiment of that id, prefix of an id, name, or PROJECT/NAME.

    Raises NotFoundError if there is none, or if several are meant.
    """
    for query in ("experiments_by_id", "experiments_by_name", "experiments_by_prefix"):
        if query == "experiments_by_prefix" and len(reference) < _SHORTEST_PREFIX:
            break
        found = _refs(connection, query, {"reference": reference, "project": project})
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(f"{ref.project}/{ref.name} ({ref.id})" for ref in found[:_SHOWN])
            raise NotFoundError(
                f"{reference!r} fits several experiments: {names}; give an id or PROJECT/NAME"
            )
    raise NotFoundError(_nothing(connection, reference, project))


def _nothing(connection: sqlite3.Connection, reference: str, project: str | None) -> str:
    newest = newest_experiments(connection, project, _SHOWN)
    where = f" in project {project!r}" if project else ""
    known = (
        f"the newest are {', '.join(f'{ref.project}/{ref.name}' for ref in newest)}"
        if newest
        else "there are none"
    )
    return f"no experiment {reference!r}{where}; {known}"


def newest_experiments(
    connection: sqlite3.Connection, project: str | None, limit: int
) -> list[ExperimentRef]:
    """Experiments of one project or of all, newest first."""
    return _refs(connection, "newest_experiments", {"project": project, "limit": limit})


def find_baseline(
    connection: sqlite3.Connection, experiment: ExperimentRef, baseline: str | None
) -> ExperimentRef | None:
    """The named baseline, else the one chosen when the experiment began, else the latest earlier one.

    The latest is that of the project which has finished cases and was not run in part only.
    """
    if baseline is not None:
        return find(connection, baseline, experiment.project)
    for query in ("chosen_baseline", "latest_earlier_experiment"):
        found = _refs(connection, query, {"id": experiment.id})
        if found:
            return found[0]
    return None


def _refs(connection: sqlite3.Connection, query: str, values: dict[str, Any]) -> list[ExperimentRef]:
    return [
        ExperimentRef(
            id=id_, name=name, project_id=project_id, project=project or project_id, created_ns=created_ns
        )
        for id_, name, project_id, project, created_ns in connection.execute(sql(query), values)
    ]
