"""The backend of a connection: the embedded store, and before it the account."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace import ReadableSpan

from spanscore._account import Account, with_repository, without_secrets
from spanscore._config import Settings
from spanscore._connect._drain import bring_in
from spanscore._connect._opened import open_datasets, redactor_of
from spanscore.delivery import Outbox
from spanscore.errors import NotFoundError
from spanscore.wire.datasets import ExperimentCase, Project
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.regressions import Regression
from spanscore.wire.rows import Row
from spanscore.wire.seams import Datasets, ExperimentRef, ExperimentRequest
from spanscore.wire.summaries import ExperimentSummary
from spanscore.wire.trials import FinishedTrial

if TYPE_CHECKING:
    from spanscore.store import SqliteStore

_logger = logging.getLogger("spanscore")


class Experiments:
    """The embedded store as backend, and before it the account that experiments are to be registered with.

    It has the rows of all experiments. Those of an experiment that is registered elsewhere go there, too;
    those of others go nowhere else.
    """

    def __init__(
        self,
        settings: Settings,
        store: "SqliteStore",
        outbox: Outbox,
        account: Account | None,
        placed: Callable[[str], None] | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._outbox = outbox
        self._account = account
        self._placed = placed
        self._not_compared: set[str] = set()

    def register_experiment(self, request: ExperimentRequest) -> ExperimentRef:
        """A new experiment, in the account first if there is one, under whose id it is known here too."""
        told = with_repository(request)
        redactor = redactor_of(self._settings)
        if redactor is not None:
            told = without_secrets(told, redactor)
        is_given = request.repo_info is not None
        made = None if self._account is None else self._account.register(told, is_repo_given=is_given)
        if made is None:
            experiment = self._store.register_experiment(told)
            self._outbox.keep_local(self._place_of(experiment), self._store)
            return experiment
        named = replace(told, id=made.id, name=made.name, project=made.project, project_id=made.project_id)
        self._kept(named)
        self._outbox.keep_also_local(self._place_of(made), self._store)
        return made

    def _place_of(self, experiment: ExperimentRef) -> str:
        """The container of the experiment, of which is told who wants to know."""
        parent = str(Parent(ParentKind.EXPERIMENT_ID, experiment.id))
        if self._placed is not None:
            self._placed(parent)
        return parent

    def _kept(self, request: ExperimentRequest) -> None:
        """Have the store know it; a baseline that only the account has is none here."""
        try:
            self._store.register_experiment(request)
        except NotFoundError:
            self._store.register_experiment(replace(request, baseline=None))

    def summarize_experiment(self, experiment_id: str, *, baseline: str | None) -> ExperimentSummary:
        """The store's figures, with the page of the experiment if it is registered elsewhere."""
        summary = self._figures(experiment_id, baseline)
        page = None if self._account is None else self._account.permalink(experiment_id)
        return summary if page is None else replace(summary, experiment_url=page)

    def _figures(self, experiment_id: str, baseline: str | None) -> ExperimentSummary:
        try:
            return self._store.summarize_experiment(experiment_id, baseline=baseline)
        except NotFoundError as error:
            if self._account is None or baseline is None or not self._store.has_experiment(experiment_id):
                raise
            # It may have been run elsewhere: only the account can compare with it then.
            if experiment_id not in self._not_compared:
                self._not_compared.add(experiment_id)
                text = "no comparison with %r here, which the account may have: see the experiment's page; %s"
                _logger.warning(text, baseline, error)
            return self._store.summarize_experiment(experiment_id, baseline=None)

    def cases_of(self, experiment_id: str) -> Iterator[ExperimentCase]:
        """Finished cases of an experiment, from the store if it has it, else from the account."""
        if self._account is not None and not self._store.has_experiment(experiment_id):
            return self._account.cases(experiment_id)
        return self._store.cases_of(experiment_id)

    def base_experiment(self, experiment_id: str, name: str | None = None) -> ExperimentRef | None:
        """The experiment of that name in the same project, else the baseline, which the account may know."""
        try:
            found = self._store.base_experiment(experiment_id, name)
            return self._account.baseline(experiment_id) if found is None and self._account else found
        except NotFoundError:
            if self._account is None or name is None or not self._store.has_experiment(experiment_id):
                raise
            project_id = self._store.find_experiment(experiment_id).project_id
            return self._account.open_experiment(name, project=None, project_id=project_id)

    def open_experiment(self, name: str, *, project: str | None, project_id: str | None) -> ExperimentRef:
        """The experiment of that name, as the account has it if there is one, else the store."""
        if self._account is not None:
            return self._account.open_experiment(name, project=project, project_id=project_id)
        bring_in(self._settings)
        return self._store.find_experiment(name, project=project_id or project)

    def request_of(self, experiment_id: str) -> ExperimentRequest:
        """What the experiment was registered with, by the store; an account tells less of the repository."""
        return self._store.request_of(experiment_id)

    def experiment_rows(self, experiment_id: str, *, portion: int) -> Iterator[dict[str, Any]]:
        """Every row, from the store if it has the experiment, else from the account."""
        if self._account is not None and not self._store.has_experiment(experiment_id):
            return self._account.rows(experiment_id, portion=portion)
        parent = Parent(ParentKind.EXPERIMENT_ID, experiment_id)
        return (row.as_dict() for row in self._store.rows(parent))

    def open_project(self, name: str | None, project_id: str | None) -> Project:
        """The project of the account, if there is one, else of the store."""
        if self._account is not None:
            return self._account.open_project(name, project_id)
        return self._store.open_project(name, project_id)

    def organisation_id(self) -> str | None:
        """The organisation of the account."""
        return None if self._account is None else self._account.registration.organisation.id

    @property
    def datasets(self) -> Datasets:
        """The datasets of Braintrust if spans go there, else those of the store."""
        return open_datasets(self._settings)

    def permalink(self, experiment: ExperimentRef) -> str:
        """The page of an experiment that is registered elsewhere; the command that shows it otherwise."""
        page = None if self._account is None else self._account.permalink(experiment.id)
        return page or self._store.permalink(experiment)

    def regressions(self, experiment_id: str, baseline_id: str, *, limit: int) -> Sequence[Regression]:
        """Inputs of which a score fell, as the store has them."""
        return self._store.regressions(experiment_id, baseline_id, limit=limit)

    def find_experiment(self, reference: str, *, project: str | None = None) -> ExperimentRef:
        """The experiment of that id, prefix of an id, name, or PROJECT/NAME."""
        return self._store.find_experiment(reference, project=project)

    def end_run(self, experiment_id: str) -> None:
        """Take note in the store."""
        self._store.end_run(experiment_id)

    def keep_summary_scores(self, experiment_id: str, scores: Mapping[str, float | None]) -> None:
        """Keep them in the store: an account has no place for them."""
        self._store.keep_summary_scores(experiment_id, scores)

    def mark_partial(self, experiment_id: str, reason: str | None) -> None:
        """Take note in the store."""
        self._store.mark_partial(experiment_id, reason)

    def row_of(self, span: ReadableSpan) -> Row:
        """The row that the store makes of a finished span."""
        return self._store.row_of(span)

    def finished_trials(self, experiment_id: str) -> Iterator[FinishedTrial]:
        """The trials that are finished, those included whose spans a killed process has left in the spool."""
        bring_in(self._settings)
        return self._store.finished_trials(experiment_id)

    def finished_traces(self, experiment_id: str) -> Iterator[Sequence[Row]]:
        """The rows of the trials that are finished."""
        bring_in(self._settings)
        return self._store.finished_traces(experiment_id)

    def trace(self, reference: str) -> Sequence[Row]:
        """The rows of one trace."""
        return self._store.trace(reference)
