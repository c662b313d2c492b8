"""Where the answers of providers are kept for an eval that asks for it."""

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Final

from spanscore._config import Settings

if TYPE_CHECKING:
    from spanscore._connect import Connection
    from spanscore.evals import EvalOptions

_FOLDER: Final = "cache"


def answers_of(options: "EvalOptions", connection: "Connection | None") -> AbstractContextManager[None]:
    """The block in which equal requests of a trial are answered from disk, if `options` ask for it."""
    if not options.cache:
        return nullcontext()
    # Here and not at the top: only such an eval needs it.
    from spanscore.integrations import answers_cached  # noqa: PLC0415

    settings = Settings.from_env() if connection is None else connection.settings
    return answers_cached(settings.home / _FOLDER)
