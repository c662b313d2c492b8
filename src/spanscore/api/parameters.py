"""Parameters of evals that a Braintrust server keeps."""

from spanscore._config import Settings
from spanscore.api.prompts import account_of
from spanscore.prompts import PromptFolder, RemoteEvalParameters, load_answer
from spanscore.wire.prompts import PromptQuery

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
    query = PromptQuery(
        project=project,
        slug=slug,
        version=None if version is None else str(version),
        project_id=project_id,
        id=id,
        environment=None if version is not None else environment,
        kind=_KIND,
    )
    # Here and not at the top: a program without hosted parameters needs no HTTP client for them.
    from spanscore.client import RestClient  # noqa: PLC0415
    from spanscore.client.parameters import fetch_parameters  # noqa: PLC0415

    client = RestClient(Settings.from_env(app_url=app_url, api_key=api_key, org_name=org_name))
    folder = PromptFolder(client.settings.home / _FOLDER, account_of(client))
    answer = load_answer(
        query,
        fetch=lambda asked: fetch_parameters(client, asked),
        folder=folder,
        check=RemoteEvalParameters.of,
    )
    return RemoteEvalParameters.of(answer)
