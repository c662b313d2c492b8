"""Prompts that a Braintrust server keeps."""

import asyncio
from collections.abc import Mapping
from typing import Any

from spanscore._config import Settings
from spanscore.api._hosted import opened
from spanscore.prompts import Prompt, PromptRecord, load
from spanscore.wire.hosted import HostedQuery

_FOLDER = "prompts"


def load_prompt(
    project: str | None = None,
    slug: str | None = None,
    version: str | int | None = None,
    project_id: str | None = None,
    id: str | None = None,  # noqa: A002 - Braintrust's word
    defaults: Mapping[str, Any] | None = None,
    no_trace: bool = False,  # noqa: FBT001, FBT002 - the official order
    environment: str | None = None,
    app_url: str | None = None,
    api_key: str | None = None,
    org_name: str | None = None,
) -> Prompt:
    """A prompt of a Braintrust server, which is asked when something of the prompt is first needed.

    It is found by `id`, else by `slug` in `project` or `project_id`; `version` (a transaction) or
    `environment` pins one version of it. Where the server cannot be reached or fails, the prompt is as it was
    when it was last loaded on this machine, unless it is pinned. `defaults` are arguments of the call that
    the prompt may overrule; with `no_trace` the call is not told where its messages come from.

    Raises ConfigError for too few arguments. The first use raises NotFoundError, UnauthorizedError or, with
    nothing kept, RetryLaterError.

    >>> prompt = load_prompt("support bot", "greeting", defaults={"model": "gpt-5-mini"})
    >>> # client.chat.completions.create(**prompt.build(name="Ada"))
    """
    query = HostedQuery.pinned(
        project=project, slug=slug, project_id=project_id, id=id, version=version, environment=environment
    )
    settings = Settings.from_env(app_url=app_url, api_key=api_key, org_name=org_name)
    return Prompt(lambda: _loaded(query, settings), defaults=defaults, no_trace=no_trace)


async def load_prompt_async(project: str | None = None, slug: str | None = None, **options: Any) -> Prompt:
    """`load_prompt` with the same arguments; the prompt is loaded when it is returned."""
    prompt = load_prompt(project, slug, **options)
    await asyncio.to_thread(lambda: prompt.record)
    return prompt


def _loaded(query: HostedQuery, settings: Settings) -> PromptRecord:
    # Here and not at the top: a program without hosted prompts needs no HTTP client for them.
    from spanscore.client.prompts import fetch_prompt  # noqa: PLC0415

    client, folder = opened(settings, _FOLDER)
    return load(query, fetch=lambda asked: fetch_prompt(client, asked), folder=folder)
