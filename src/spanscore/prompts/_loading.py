"""The loading of a prompt: from its server, or as it was when the server last answered."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from spanscore.errors import RetryLaterError
from spanscore.prompts._fallback import AnswerFolder
from spanscore.prompts._prompt import PromptRecord
from spanscore.wire.hosted import HostedQuery

_logger = logging.getLogger("spanscore")


def load(
    query: HostedQuery, *, fetch: Callable[[HostedQuery], Mapping[str, Any]], folder: AnswerFolder
) -> PromptRecord:
    """The prompt as `fetch` gives it; see `load_answer`."""
    return PromptRecord.of(load_answer(query, fetch=fetch, folder=folder, check=PromptRecord.of))


def load_answer(
    query: HostedQuery,
    *,
    fetch: Callable[[HostedQuery], Mapping[str, Any]],
    folder: AnswerFolder,
    check: Callable[[Mapping[str, Any]], object],
) -> Mapping[str, Any]:
    """What is kept under a slug as `fetch` gives it, which `check` has to let pass.

    Where the server cannot be reached or fails, it is the one that it last gave, with a warning, but never
    for a query that pins a version or an environment. Raises what `fetch` raises otherwise.
    """
    try:
        answer = fetch(query)
    except RetryLaterError as error:
        kept = None if query.is_pinned else folder.find(query)
        if kept is None:
            raise
        _logger.warning("the %s %s is as it was when it was last loaded: %s", query.kind, query, error)
        return kept
    check(answer)
    if not query.is_pinned:
        folder.keep(query, answer)
    return answer
