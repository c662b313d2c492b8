"""Prompts that a Braintrust server keeps."""

import asyncio
from collections.abc import Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from spanscore._config import Settings
from spanscore.prompts import Prompt, PromptFolder, PromptRecord, load
from spanscore.wire.prompts import PromptQuery

if TYPE_CHECKING:
    from spanscore.client import RestClient

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
    query = PromptQuery(
        project=project,
        slug=slug,
        version=None if version is None else str(version),
        project_id=project_id,
        id=id,
        environment=None if version is not None else environment,
    )
    settings = Settings.from_env(app_url=app_url, api_key=api_key, org_name=org_name)
    return Prompt(lambda: _loaded(query, settings), defaults=defaults, no_trace=no_trace)


async def load_prompt_async(project: str | None = None, slug: str | None = None, **options: Any) -> Prompt:
    """`load_prompt` with the same arguments; the prompt is loaded when it is returned."""
    prompt = load_prompt(project, slug, **options)
    await asyncio.to_thread(lambda: prompt.record)
    return prompt


def _loaded(query: PromptQuery, settings: Settings) -> PromptRecord:
    # Here and not at the top: a program without hosted prompts needs no HTTP client for them.
    from spanscore.client import RestClient  # noqa: PLC0415
    from spanscore.client.prompts import fetch_prompt  # noqa: PLC0415

    client = RestClient(settings)
    folder = PromptFolder(settings.home / _FOLDER, account_of(client))
    return load(query, fetch=lambda asked: fetch_prompt(client, asked), folder=folder)


def account_of(client: "RestClient") -> str:
    """Who answers, without a secret: the server's address, a digest of the key, the organisation."""
    digest = blake2b(client.settings.require_api_key().encode(), digest_size=8).hexdigest()
    return f"{client.api_url}#{digest}#{client.settings.org_name or ''}"
