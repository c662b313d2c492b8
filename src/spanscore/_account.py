"""The Braintrust account that experiments are registered with before their first case."""

import logging
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from spanscore._config import Settings
from spanscore._json import from_json, to_json
from spanscore.errors import ConfigError, SpanscoreError
from spanscore.wire.datasets import ExperimentCase, Project
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.repo import RepoInfo
from spanscore.wire.seams import ExperimentRef, ExperimentRequest
from spanscore.wire.slug import Slug

if TYPE_CHECKING:
    from spanscore.client import Registration
    from spanscore.delivery._redaction import Redactor

_ANY_SIZE: Final = 1 << 40
_PORTION: Final = 1000
_OBJECT_TYPES = {ParentKind.EXPERIMENT_ID: "experiment", ParentKind.PLAYGROUND_ID: "prompt_session"}
_logger = logging.getLogger("spanscore")


class Account:
    """Registers experiments, and knows which of them are."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._registration: Registration | None = None
        self._made: dict[str, ExperimentRef] = {}

    def register(self, request: ExperimentRequest, *, is_repo_given: bool) -> ExperimentRef | None:
        """The experiment there; None if it cannot be told there, and the request lets it be.

        Raises what `Registration.register` raises, with the remedy.
        """
        try:
            made = self.registration.register(request, is_repo_given=is_repo_given)
        except SpanscoreError as error:
            if request.on_unreachable == "local" and not isinstance(error, ConfigError):
                _logger.warning(
                    "the experiment is in the embedded store alone; "
                    "`spanscore export EXPERIMENT --to braintrust` sends it later: %s",
                    error,
                )
                return None
            remedy = 'nothing has run; on_unreachable="local" keeps it in the embedded store alone'
            error.args = (f"the experiment cannot be registered: {error}; {remedy}",)
            raise
        self._made[made.id] = made
        return made

    def permalink(self, experiment_id: str) -> str | None:
        """The page of an experiment that was registered here."""
        made = self._made.get(experiment_id)
        return None if made is None else self.registration.permalink(made)

    def span_page(self, exported: str) -> str:
        """The page of a span, of what `Span.export()` gave. Raises what a login raises."""
        slug = Slug.parse(exported)
        if slug.parent.kind is ParentKind.PROJECT_NAME:
            found = self.open_project(slug.parent.value, None)
            slug = replace(slug, parent=Parent(ParentKind.PROJECT_ID, found.id))
        return span_page(slug, self.registration.organisation.name, self._settings.app_url)

    def open_experiment(self, name: str, *, project: str | None, project_id: str | None) -> ExperimentRef:
        """The experiment of that name there. Raises NotFoundError."""
        return self.registration.open(name, project=project, project_id=project_id)

    def rows(self, experiment_id: str, *, portion: int) -> Iterator[dict[str, Any]]:
        """Every row of an experiment there."""
        from spanscore.client.experiments import fetch_rows  # noqa: PLC0415 - as below

        return fetch_rows(self.registration.client, experiment_id, portion=portion)

    def cases(self, experiment_id: str) -> Iterator[ExperimentCase]:
        """Finished cases of an experiment there. Raises what a request raises."""
        from spanscore.client.experiment_cases import cases_in  # noqa: PLC0415 - as below

        return cases_in(self.rows(experiment_id, portion=_PORTION))

    def baseline(self, experiment_id: str) -> ExperimentRef | None:
        """What an experiment is compared with there; None for one that was not registered here."""
        return self.registration.baseline_of(experiment_id) if experiment_id in self._made else None

    def open_project(self, name: str | None, project_id: str | None) -> Project:
        """The project of that id, else of that name, which is made if it is not there; within 30 seconds."""
        registration = self.registration
        with registration.client.within(registration.deadline_s):
            return registration.project(name or self._settings.project, project_id)

    @property
    def registration(self) -> "Registration":
        """The client of the account."""
        if self._registration is None:
            # Here and not at the top: a program that registers nothing need not load an HTTP client.
            from spanscore.client import Registration, RestClient  # noqa: PLC0415

            self._registration = Registration(RestClient(self._settings))
        return self._registration


def span_page(slug: Slug, org_name: str, app_url: str) -> str:
    """The page of a span in an organisation's app."""
    kind = _OBJECT_TYPES.get(slug.parent.kind, "project_logs")
    asked = {"object_type": kind, "object_id": slug.parent.value, "id": f"{slug.span_id or 0:016x}"}
    return f"{app_url.rstrip('/')}/app/{quote(org_name, safe='')}/object?{urlencode(asked)}"


def with_repository(request: ExperimentRequest) -> ExperimentRequest:
    """The request with what git tells of the repository, where the program does not tell it itself."""
    settings = request.git_metadata_settings
    if settings is not None and settings.collect == "none":
        return request
    # Here and not at the top: only a program that registers experiments runs git.
    from spanscore._git import get_past_n_ancestors, get_repository  # noqa: PLC0415

    if request.repo_info is None:
        found, ancestors = get_repository(settings)
        return replace(request, repo_info=found, ancestor_commits=request.ancestor_commits or ancestors)
    return replace(request, ancestor_commits=request.ancestor_commits or get_past_n_ancestors())


def without_secrets(request: ExperimentRequest, redactor: "Redactor") -> ExperimentRequest:
    """The request without credentials and secrets in what it tells of the run and of the repository."""
    repo = request.repo_info
    told = redactor.attributes(
        {
            "metadata": from_json(to_json(dict(request.metadata), max_bytes=_ANY_SIZE)),
            "description": request.description,
            "repo_info": None if repo is None else asdict(repo),
        }
    )
    repo = None if repo is None else RepoInfo(**told["repo_info"])
    return replace(request, metadata=told["metadata"], description=told["description"], repo_info=repo)
