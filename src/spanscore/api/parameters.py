"""Parameters of evals that a Braintrust server keeps."""

from spanscore._config import Settings
from spanscore.api._hosted import opened
from spanscore.prompts import RemoteEvalParameters, load_answer
from spanscore.wire.hosted import HostedQuery

_FOLDER = "parameters"
_KIND = "set of parameters"


def load_parameters(
    project: str | None = None,
    slug: str | None = None,
    version: str | int | None = None,
    project_id: str | None = None,
    id: str | None = None,  # noqa: A002 - Braintrust's word
    environment: str | None = None,
    app_url: str | None = None,
    api_key: str | None = None,
    org_name: str | None = None,
) -> RemoteEvalParameters:
    """A set of parameters of a Braintrust server, for `Eval(parameters=…)` and `init(parameters=…)`.

    The arguments are those of `load_prompt`; the server is asked at once. Where it cannot be reached or
    fails, the parameters are as they were when they were last loaded on this machine, unless a version or an
    environment pins them. Raises ConfigError for too few arguments, NotFoundError, PromptError for what is no
    set of parameters, UnauthorizedError, and with nothing kept RetryLaterError.
    """
    query = HostedQuery.pinned(
        project=project,
        slug=slug,
        project_id=project_id,
        id=id,
        version=version,
        environment=environment,
        kind=_KIND,
    )
    # Here and not at the top: a program without hosted parameters needs no HTTP client for them.
    from spanscore.client.parameters import fetch_parameters  # noqa: PLC0415

    settings = Settings.from_env(app_url=app_url, api_key=api_key, org_name=org_name)
    client, folder = opened(settings, _FOLDER)
    answer = load_answer(
        query,
        fetch=lambda asked: fetch_parameters(client, asked),
        folder=folder,
        check=RemoteEvalParameters.of,
    )
    return RemoteEvalParameters.of(answer)
