"""The front door of experiments: `init`."""

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast, overload

from spanscore.api._recording import ensure_recording
from spanscore.api.experiment import Experiment
from spanscore.api.login_state import account_of
from spanscore.api.readonly_experiment import ReadonlyExperiment
from spanscore.errors import ConfigError, DeliveryError
from spanscore.tracing import CURRENT_EXPERIMENT
from spanscore.wire.seams import ExperimentRequest

if TYPE_CHECKING:
    from spanscore._connect import Connection
    from spanscore.api.login_state import BraintrustState
    from spanscore.wire.repo import GitMetadataSettings, RepoInfo

_logger = logging.getLogger("spanscore")


@overload
def init(
    project: str | None = None,
    experiment: str | None = None,
    *,
    open: Literal[True],
    app_url: str | None = None,
    api_key: str | None = None,
    org_name: str | None = None,
    project_id: str | None = None,
    update: bool | None = None,
    state: "BraintrustState | None" = None,
) -> ReadonlyExperiment: ...
@overload
def init(
    project: str | None = None,
    experiment: str | None = None,
    description: str | None = None,
    dataset: Any = None,
    parameters: Any = None,
    open: Literal[False] = False,  # noqa: FBT002
    base_experiment: str | None = None,
    is_public: bool = False,  # noqa: FBT001, FBT002
    app_url: str | None = None,
    api_key: str | None = None,
    org_name: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    tags: Sequence[str] | None = None,
    git_metadata_settings: "GitMetadataSettings | None" = None,
    set_current: bool = True,  # noqa: FBT001, FBT002
    update: bool | None = None,  # noqa: FBT001
    project_id: str | None = None,
    base_experiment_id: str | None = None,
    repo_info: "RepoInfo | None" = None,
    state: "BraintrustState | None" = None,
    *,
    on_unreachable: Literal["raise", "local"] = "raise",
) -> Experiment: ...
def init(
    project: str | None = None,
    experiment: str | None = None,
    description: str | None = None,
    dataset: Any = None,
    parameters: Any = None,
    open: bool = False,  # noqa: A002, FBT001, FBT002 - Braintrust's word
    base_experiment: str | None = None,
    is_public: bool = False,  # noqa: FBT001, FBT002 - Braintrust's order
    app_url: str | None = None,
    api_key: str | None = None,
    org_name: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    tags: Sequence[str] | None = None,
    git_metadata_settings: "GitMetadataSettings | None" = None,
    set_current: bool = True,  # noqa: FBT001, FBT002 - Braintrust's order
    update: bool | None = None,  # noqa: FBT001 - Braintrust's order
    project_id: str | None = None,
    base_experiment_id: str | None = None,
    repo_info: "RepoInfo | None" = None,
    state: "BraintrustState | None" = None,
    *,
    on_unreachable: Literal["raise", "local"] = "raise",
) -> Experiment | ReadonlyExperiment:
    """An experiment of `project` to log cases into, with recording switched on; with `open` one to be read.

    A name that the project has already gets a suffix unless `update`. `base_experiment` and
    `base_experiment_id` name the baseline; None is that of the nearest earlier commit, else the latest
    earlier experiment. `dataset` (a Dataset, or a dict with `id` and perhaps `version`) and `parameters` are
    noted with it. Of the repository is told what `git_metadata_settings` let through, or `repo_info` as it
    is. With `set_current` spans that belong nowhere else go here. `app_url`, `api_key` and `org_name`, or
    `state`, say which account of Braintrust's, which may be another than that in force.

    Where spans go to Braintrust the experiment is registered there before this returns; if that fails it
    raises, unless `on_unreachable` is "local": then the experiment is in the embedded store alone. Raises
    ConfigError for arguments that cannot be meant, NotFoundError for one to be read that is not there, and
    UnauthorizedError, which names the places of a key.

    >>> from spanscore import init
    >>> with init("arithmetic") as experiment:
    ...     row_id = experiment.log(input="2+2", output="4", expected="4", scores={"exact": 1})
    """
    _check(project, project_id, experiment, is_open=open, update=update)
    if metadata is not None and not isinstance(metadata, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance] - programs may
        raise ConfigError(f'metadata is {metadata!r:.100}; give a mapping, such as {{"model": "m"}}')
    account: dict[str, Any] = {"api_key": api_key, "app_url": app_url, "org_name": org_name}
    account["login"] = account_of(state, **account)
    connection = _connection(account, may_be_local=on_unreachable == "local" and not open)
    if open:
        found = connection.backend.open_experiment(str(experiment), project=project, project_id=project_id)
        return ReadonlyExperiment(connection, found)
    dataset_id, dataset_version = _identity_of(dataset, connection)
    request = ExperimentRequest(
        project=project or "",
        project_id=project_id,
        name=experiment,
        description=description,
        metadata=_with_parameters(metadata, parameters),
        tags=tags or (),
        update=bool(update),
        is_public=is_public,
        baseline=base_experiment_id or base_experiment,
        git_metadata_settings=git_metadata_settings,
        repo_info=repo_info,
        dataset_id=dataset_id,
        dataset_version=dataset_version,
        parameters_id=_told(parameters, "id"),
        parameters_version=_told(parameters, "version"),
        on_unreachable=on_unreachable,
    )
    opened = Experiment(connection, connection.backend.register_experiment(request), request, dataset)
    if set_current:
        CURRENT_EXPERIMENT.set(opened)
    return opened


init_experiment = init


def _check(
    project: str | None,
    project_id: str | None,
    experiment: str | None,
    *,
    is_open: bool,
    update: bool | None,
) -> None:
    if project is None and project_id is None:
        raise ConfigError('an experiment needs a project; give project="support bot" or project_id')
    if is_open and update:
        raise ConfigError("an experiment that is only read cannot be updated; give open or update")
    if is_open and experiment is None:
        raise ConfigError("which experiment is to be read? give its name")


def _connection(account: Mapping[str, Any], *, may_be_local: bool) -> "Connection":
    """The connection of an account; if that cannot be logged in to, perhaps that of the store alone."""
    try:
        return ensure_recording(**account)
    except DeliveryError as error:
        if not may_be_local:
            raise
        # Here and not at the top: it brings the destinations.
        from spanscore._connect import without_account  # noqa: PLC0415

        _logger.warning("the experiment is in the embedded store alone: %s", error)
        return without_account(ensure_recording())


def _identity_of(dataset: Any, connection: "Connection") -> tuple[str | None, str | None]:
    """Id and version of a Dataset, or of a dict that has them; of an environment the version that it has."""
    if dataset is None:
        return None, None
    if isinstance(dataset, Mapping):
        told = cast("Mapping[str, Any]", dataset)
        id_, version, environment = (told.get(name) for name in ("id", "version", "environment"))
        if isinstance(id_, str) and version is None and environment is not None:
            version = connection.backend.datasets.dataset_version(id_, environment=environment)
    else:
        id_, version = getattr(dataset, "id", None), getattr(dataset, "version", None)
    if not isinstance(id_, str):
        raise ConfigError(
            f'dataset is {dataset!r:.100}; give what init_dataset() returned, or {{"id": …, "version": …}}'
        )
    return id_, None if version is None else str(version)


def _with_parameters(metadata: Mapping[str, Any] | None, parameters: Any) -> Mapping[str, Any]:
    if parameters is None:
        return metadata or {}
    return {**(metadata or {}), "parameters_id": _told(parameters, "id")}


def _told(parameters: Any, name: str) -> str | None:
    """What a set of parameters, or a dict that stands for one, says of itself."""
    found = parameters.get(name) if isinstance(parameters, Mapping) else getattr(parameters, name, None)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return found if isinstance(found, str) else None
