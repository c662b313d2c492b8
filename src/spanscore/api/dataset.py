"""The front door of datasets: `init_dataset`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from spanscore._config import Settings
from spanscore.api._recording import at_its_address, connection_in_force, login_of, others_in
from spanscore.api.attachments import ReadonlyAttachment
from spanscore.api.login_state import account_of
from spanscore.datasets import Dataset, Target, View
from spanscore.errors import ConfigError
from spanscore.wire.attachments import ATTACHMENT, EXTERNAL
from spanscore.wire.datasets import DEFAULT_DATASET, DatasetRequest

if TYPE_CHECKING:
    from spanscore.api._account_login import AccountLogin
    from spanscore.api.login_state import BraintrustState
    from spanscore.wire.seams import Datasets


def init_dataset(
    project: str | None = None,
    name: str | None = None,
    description: str | None = None,
    version: str | int | None = None,
    app_url: str | None = None,
    api_key: str | None = None,
    org_name: str | None = None,
    project_id: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    use_output: bool = False,  # noqa: FBT001, FBT002 - Braintrust's place for it
    _internal_btql: Mapping[str, Any] | None = None,
    state: "BraintrustState | None" = None,
    environment: str | None = None,
    dataset_id: str | None = None,
    *,
    snapshot: str | None = None,
    limit: int | None = None,
) -> Dataset:
    """The dataset `name` ("logs" if there is none) of a project; made, if it is not there, at its first use.

    `dataset_id` names one that exists, before anything else; `project_id` goes before `project`.
    `version` reads it as it was then: a transaction, as `Dataset.version` gives it, or the name of a
    snapshot. Else `snapshot`, else `environment` (which only Braintrust has) says which version. Nothing can
    be written through a dataset that was opened at a version. At most `limit` rows are read; of
    `_internal_btql` only `{"limit": …}` is known, which says the same. `use_output` calls the field
    `expected` of its rows `output`, as it was called once. `app_url`, `api_key` and `org_name`, or `state`,
    choose an account of Braintrust's other than that of the settings.

    It records no spans. Raises ConfigError for arguments that cannot be meant.

    >>> from spanscore import init_dataset
    >>> dataset = init_dataset("support bot", "faq")
    >>> record_id = dataset.insert(input="How long is the trial?", expected="30 days", tags=["billing"])
    >>> [(row["input"], row["expected"]) for row in dataset]
    [('How long is the trial?', '30 days')]
    """
    if dataset_id is None and project is None and project_id is None:
        raise ConfigError('a dataset needs a project; give project="support bot", project_id or dataset_id')
    account = {"app_url": app_url, "api_key": api_key, "org_name": org_name}
    login = account_of(state, **account)
    given = {key: value for key, value in account.items() if value is not None}
    request = DatasetRequest(
        project=project,
        project_id=project_id,
        name=name or DEFAULT_DATASET,
        description=description,
        metadata=metadata,
    )
    number = None if version is None else str(version)
    is_name = number is not None and not number.isdecimal()
    return Dataset(
        Target(lambda: _datasets(given, login), request if dataset_id is None else dataset_id),
        view=View(
            version=None if is_name else number,
            snapshot=number if is_name else snapshot,
            environment=environment,
            limit=_limit(limit, _internal_btql),
        ),
        use_output=use_output,
        restored=with_attachments,
    )


def _limit(limit: int | None, btql: Mapping[str, Any] | None) -> int | None:
    unknown = [key for key in btql or {} if key != "limit"]
    if unknown:
        raise ConfigError(f'_internal_btql has {unknown[0]!r}; only {{"limit": …}} is known here')
    given: Any = limit if limit is not None else (btql or {}).get("limit")
    if given is not None and (type(given) is not int or given < 1):
        raise ConfigError(f"limit is {given!r}; give a whole number from 1")
    return given


def _datasets(account: Mapping[str, str], login: "AccountLogin | None") -> "Datasets":
    connection = connection_in_force()
    settings = None if connection is None else connection.settings
    if settings is not None and login is None and others_in(settings, account):
        login = login_of(settings, account)
    if connection is not None and login is None and not account:
        return connection.backend.datasets
    # Here and not at the top: it brings the store, or the client of an account.
    from spanscore._connect import open_datasets  # noqa: PLC0415

    if login is None and settings is None:
        return open_datasets(at_its_address(Settings.from_env(**account)))
    settings = replace(settings or Settings.from_env(), destinations=("braintrust",))
    return open_datasets(replace(settings, **account) if login is None else login.over(settings))


def with_attachments(value: Any) -> Any:
    """The value with an object that gives the bytes in the place of each reference to an attachment."""
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value)
        if items.get("type") in (ATTACHMENT, EXTERNAL) and ("key" in items or "url" in items):
            return ReadonlyAttachment(items)
        return {key: with_attachments(each) for key, each in items.items()}
    if isinstance(value, list):
        return [with_attachments(each) for each in cast("list[Any]", value)]
    return value
