"""Functions that a Braintrust server runs."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from spanscore._config import Settings
from spanscore.api._recording import at_its_address, known_connection_at
from spanscore.functions import (
    BraintrustStream,
    FunctionId,
    HostedFunction,
    Invocation,
    chunk_of,
)
from spanscore.tracing import Span, current_span
from spanscore.wire.slug import Slug


def invoke(
    function_id: str | None = None,
    version: str | None = None,
    prompt_session_id: str | None = None,
    prompt_session_function_id: str | None = None,
    project_name: str | None = None,
    project_id: str | None = None,
    slug: str | None = None,
    global_function: str | None = None,
    function_type: str | None = None,
    input: Any = None,  # noqa: A002 - Braintrust's word
    messages: Sequence[Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
    tags: Sequence[str] | None = None,
    parent: Span | str | None = None,
    stream: bool = False,  # noqa: FBT001, FBT002 - the official order
    mode: str | None = None,
    strict: bool | None = None,  # noqa: FBT001
    overrides: Mapping[str, Any] | None = None,
    org_name: str | None = None,
    api_key: str | None = None,
    app_url: str | None = None,
    force_login: bool = False,  # noqa: FBT001, FBT002
) -> Any:
    """What a function of a Braintrust server returns; with `stream` a BraintrustStream of it as it comes.

    The function is named by `function_id`, by `slug` with `project_name` or `project_id`, by
    `global_function`, or as one of a playground. `parent` is the span that the function's spans are to be
    below; None is the current one, if its spans go to Braintrust. `force_login` has no meaning here: each
    call carries the key.

    Raises ConfigError if no function is named, InvokeError with what the server says, NotFoundError and
    UnauthorizedError.

    >>> # invoke(project_name="support bot", slug="summarise", input={"text": "…"})
    """
    function = FunctionId(
        function_id=function_id,
        version=version,
        prompt_session_id=prompt_session_id,
        prompt_session_function_id=prompt_session_function_id,
        project_name=project_name,
        project_id=project_id,
        slug=slug,
        global_function=global_function,
        function_type=function_type,
    )
    settings = at_its_address(Settings.from_env(org_name=org_name, api_key=api_key, app_url=app_url))
    call = Invocation(
        function=function,
        input=input,
        messages=messages,
        metadata=metadata,
        tags=tags,
        parent=_parent(parent, settings),
        stream=stream,
        mode=mode,
        strict=strict,
        overrides=overrides,
    )
    return _invoked(call, settings)


async def invoke_async(function_id: str | None = None, **arguments: Any) -> Any:
    """`invoke` with the same arguments, without keeping the event loop waiting."""
    return await asyncio.to_thread(invoke, function_id, **arguments)


def init_function(
    project_name: str | None = None,
    slug: str | None = None,
    version: str | None = None,
    *,
    project: str | None = None,
    project_id: str | None = None,
    environment: str | None = None,
) -> HostedFunction:
    """A function of a Braintrust server as a task or scorer of `Eval`.

    Called with an input it is a task; as a scorer it gets the arguments that scorers have, and where the
    case's trace is. `init_function("project", "slug")` and `init_function("slug", project="project")` are the
    same. `environment` is the version pinned to it, looked up at the first call. Raises ConfigError if no
    function is named; a call raises what `invoke` says.

    >>> judge = init_function("support bot", "politeness", version="1000197156529394086")
    >>> judge.function.slug
    'politeness'
    """
    if slug is None and (project or project_id):
        project_name, slug = project, project_name
    function = FunctionId(
        project_name=project_name or project, project_id=project_id, slug=slug, version=version
    )
    if environment is None or version is not None:
        return HostedFunction(function, _invoke_plainly)
    return HostedFunction(function, _Pinned(environment))


class _Pinned:
    """Calls the version of a function that an environment has; that is asked for once."""

    def __init__(self, environment: str) -> None:
        self._environment = environment
        self._found: FunctionId | None = None

    def __call__(self, function: FunctionId, given: Any) -> Any:
        if self._found is None:
            self._found = self._pinned(function)
        return _invoke_plainly(self._found, given)

    def _pinned(self, function: FunctionId) -> FunctionId:
        from spanscore.client import RestClient  # noqa: PLC0415
        from spanscore.client.functions import pinned  # noqa: PLC0415

        query = {**function.fields(), "environment": self._environment}
        found, version = pinned(RestClient(Settings.from_env()), query)
        return replace(function, function_id=found, version=version, project_name=None, slug=None)


def _invoke_plainly(function: FunctionId, given: Any) -> Any:
    settings = Settings.from_env()
    return _invoked(Invocation(function=function, input=given, parent=_parent(None, settings)), settings)


def _invoked(call: Invocation, settings: Settings) -> Any:
    # Here and not at the top: a program without hosted functions needs no HTTP client for them.
    from spanscore.client import RestClient  # noqa: PLC0415
    from spanscore.client.functions import invoke as ask  # noqa: PLC0415

    where = None if call.function.slug else call.function.project_id
    answer = ask(RestClient(settings), call.body(), project_id=where)
    if not call.stream:
        return answer
    return BraintrustStream(chunk for name, data in answer if (chunk := chunk_of(name, data)) is not None)


def _parent(given: Span | str | None, settings: Settings) -> str:
    """The exported span that the function's spans are to be below; "" if its account does not get it."""
    if isinstance(given, str):
        return given
    if given is not None:
        return given.export()
    exported = current_span().export()
    container = str(Slug.parse(exported).parent) if exported else ""
    connection = known_connection_at(container)
    if connection is None or connection.settings.find_api_key() != settings.find_api_key():
        return ""
    outbox = connection.outbox
    is_sent = any(identity.startswith("braintrust:") for identity in outbox.identities)
    return exported if is_sent and not outbox.is_local(container) else ""
