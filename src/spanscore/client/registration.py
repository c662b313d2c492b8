"""Experiments registered with Braintrust before their first case."""

import logging
import threading
import time
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import quote
from uuid import UUID

from spanscore._git import restricted
from spanscore.client._http import RestClient
from spanscore.client.experiments import (
    Json,
    base_experiment,
    create_experiment,
    find_experiment,
    read_experiment,
)
from spanscore.client.login import log_in
from spanscore.client.projects import open_project, read_project
from spanscore.errors import NotFoundError
from spanscore.wire.datasets import Project
from spanscore.wire.login import Organisation
from spanscore.wire.repo import GitMetadataSettings
from spanscore.wire.seams import ExperimentRef, ExperimentRequest

DEADLINE_S: Final = 30.0
_NOTHING: Final = GitMetadataSettings(collect="none")
_logger = logging.getLogger("spanscore")


class Registration:
    """Registers with the account of a client, in whose organisation it stays.

    A registration logs in, opens the project, looks for a baseline that is named, and makes the experiment;
    all of it takes at most `deadline_s` seconds.
    """

    def __init__(self, client: RestClient, *, deadline_s: float = DEADLINE_S) -> None:
        self.client = client
        self.deadline_s = deadline_s
        self._organisation: Organisation | None = None
        self._lock = threading.Lock()

    @property
    def organisation(self) -> Organisation:
        """That of the key; asked once."""
        with self._lock:
            if self._organisation is None:
                self._organisation = log_in(self.client)
            return self._organisation

    def register(self, request: ExperimentRequest, *, is_repo_given: bool = False) -> ExperimentRef:
        """The experiment as the service has it; `is_repo_given` if the program itself tells of a repository.

        Raises what the requests raise; see `RestClient.request`.
        """
        with self.client.within(self.deadline_s):
            organisation = self.organisation
            project = self.project(request.project, request.project_id)
            if not is_repo_given:
                request = _allowed(request, organisation)
            baseline_id = self._baseline(request.baseline, project.id, organisation.name)
            made = create_experiment(self.client, request, project_id=project.id, baseline_id=baseline_id)
        return ExperimentRef(
            id=made["id"],
            name=made["name"],
            project_id=project.id,
            project=project.name,
            created_ns=time.time_ns(),
        )

    def permalink(self, experiment: ExperimentRef) -> str:
        """The page of the experiment."""
        return f"{self.project_link(experiment.project)}/experiments/{quote(experiment.name, safe='')}"

    def project_link(self, project: str) -> str:
        """The page of the project."""
        organisation = quote(self.organisation.name, safe="")
        return f"{self.client.app_url}/app/{organisation}/p/{quote(project, safe='')}"

    def open(self, name: str, *, project: str | None, project_id: str | None) -> ExperimentRef:
        """The experiment of that name in a project, of which the id goes before the name. NotFoundError.

        `name` may also be the experiment's id.
        """
        where = {"project": project, "project_id": project_id, "org_name": self.organisation.name}
        try:
            found = find_experiment(self.client, name, **where)
        except NotFoundError:
            if not _is_uuid(name):
                raise
            found = read_experiment(self.client, name)
        return self._ref(found, project)

    def _ref(self, found: Json, project: str | None) -> ExperimentRef:
        created = found.get("created")
        return ExperimentRef(
            id=found["id"],
            name=found["name"],
            project_id=found["project_id"],
            project=project or self.project("", found["project_id"]).name,
            created_ns=_nanoseconds(created) if isinstance(created, str) else 0,
        )

    def baseline_of(self, experiment_id: str) -> ExperimentRef | None:
        """The experiment that one is compared with there, None if there is none."""
        found = base_experiment(self.client, experiment_id)
        return None if found is None else self._ref(read_experiment(self.client, found[0]), None)

    def project(self, name: str, project_id: str | None = None) -> Project:
        """The project of that id, else of that name, which is made if it is not there."""
        if project_id is not None:
            return read_project(self.client, project_id)
        return open_project(self.client, name, self.organisation.name)

    def _baseline(self, reference: str | None, project_id: str, org_name: str) -> str | None:
        if reference is None or _is_uuid(reference):
            return reference
        try:
            found = find_experiment(self.client, reference, project_id=project_id, org_name=org_name)
        except NotFoundError:
            _logger.warning("the baseline %r is not in the project; there will be no comparison", reference)
            return None
        return found["id"]


def _allowed(request: ExperimentRequest, organisation: Organisation) -> ExperimentRequest:
    """The request with as much of the repository as the organisation lets be told."""
    settings = organisation.git_metadata or _NOTHING
    ancestors = request.ancestor_commits if settings.collect != "none" else ()
    return replace(request, repo_info=restricted(request.repo_info, settings), ancestor_commits=ancestors)


def _nanoseconds(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1e9)
    except (ValueError, OverflowError):
        return 0


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
