"""The forms of calls that are tried: how each is made, and how to read what it gives."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a client waits for bytes, and how often it tries again."""

    timeout_s: float = 20
    retries: int = 2


PATIENT = Patience()
IMPATIENT = Patience(retries=0)


@dataclass(frozen=True, kw_only=True)
class Form:
    """One way to call a provider's API.

    `connect` makes a client from a base URL, `run` makes the call with it and gives what the caller gets.
    Of that, `text` puts together words and arguments of tool calls, `tokens` is their number where it was
    told, `has_token` whether a stream got as far as its first token, and `status` what an exception knows of
    HTTP. Of a span, `recorded` is the text in its output;
    `asked` and `model` are the input and model it should have for the body of a request.

    With `is_read_later` a whole answer's body is read after the request, which is not tried again then.
    Plain forms are also tried over a wire that breaks, and patient ones with faults that take their time.
    """

    provider: str
    connect: Callable[[str, Patience], AbstractAsyncContextManager[Any]]
    run: Callable[[Any], AsyncIterator[Any]]
    text: Callable[[Sequence[Any]], str]
    tokens: Callable[[Sequence[Any]], int | None]
    recorded: Callable[[Any], str]
    asked: Callable[[Any], Any]
    model: Callable[[Any], str] = lambda body: body["model"]
    status: Callable[[Any], int | None] = lambda error: getattr(error, "status_code", None)
    has_token: Callable[[Sequence[Any]], bool] = bool
    is_stream: bool = False
    is_read_later: bool = False
    is_plain: bool = False
    is_patient: bool = False
    is_known_to_fakellm: bool = False


def forms() -> dict[str, Form]:
    """The forms of those providers whose clients are installed."""
    found: dict[str, Form] = {}
    for client, module in _MODULES.items():
        if _is_installed(client):
            found.update(import_module(f"end_to_end.{module}").FORMS)
    return found


_MODULES = {
    "openai": "openai_calls",
    "openai.resources.responses": "responses_calls",
    "anthropic": "anthropic_calls",
    "google.genai": "google_calls",
}
"""What must be there for the calls of each module."""


def _is_installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # of the package that it is in
        return False
