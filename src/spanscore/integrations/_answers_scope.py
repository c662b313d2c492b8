"""Where answers of providers are kept, and for which trial: what a program says of it by its context."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from opentelemetry import context as otel_context
from opentelemetry.context import Context

from spanscore import tracing
from spanscore.errors import ConfigError

if TYPE_CHECKING:
    from spanscore.integrations._answers_folder import AnswersFolder

_KEEPING: Final = otel_context.create_key("spanscore-kept-answers")


class Keeping:
    """Answers that are kept in a folder, seen from one trial of a case, or from none.

    The same request asked again by the same trial is another one: its first run may have wanted several
    answers. In a rerun the first, second, … get what the first, second, … got. Outside of trials the same
    request has one answer.
    """

    def __init__(self, folder: "AnswersFolder", trial: tuple[int, int] | None = None) -> None:
        self.folder = folder
        self._trial = trial
        self._asked: dict[str, int] = {}
        self._counting = threading.Lock()

    def in_trial(self, index: int, attempt: int) -> "Keeping":
        """The same answers as another trial sees them."""
        return Keeping(self.folder, (index, attempt))

    def key(self, digest: str) -> str:
        """What the answer to the request of this digest is kept under; counts the request."""
        if self._trial is None:
            return digest
        with self._counting:
            number = self._asked[digest] = self._asked.get(digest, 0) + 1
        return sha256(f"{digest} {self._trial[0]} {self._trial[1]} {number}".encode()).hexdigest()


_OPEN: Final[list[Keeping]] = []
"""Those of blocks that have not ended. Where there are none, nobody needs to look into the context."""


@contextmanager
def answers_cached(
    folder: str | Path, *, max_bytes: int | None = None, max_age_s: float | None = None
) -> Generator[None, None, None]:
    """Keep the answers that recorded clients get within the block, and give them again to the same requests.

    A request is the same if provider, path, body and version are; keys and other credentials do not count.
    Only whole and successful answers are kept, and of requests only those for an answer: chats, responses,
    messages, embeddings and the like, streamed or not. The client gets the bytes and headers that it got
    before, so that it returns what it returned. The folder is shared by processes, and holds at most
    `max_bytes` (1 GiB), of what was used within `max_age_s` (30 days). Raises ConfigError where it cannot be
    made.

    >>> import tempfile
    >>> with answers_cached(tempfile.mkdtemp()):
    ...     kept_answers() is None
    False
    """
    from spanscore.integrations._answers_folder import MAX_AGE_S, MAX_BYTES, AnswersFolder  # noqa: PLC0415 - few want it

    try:
        answers = AnswersFolder(
            Path(folder).expanduser(),
            max_bytes=MAX_BYTES if max_bytes is None else max_bytes,
            max_age_s=MAX_AGE_S if max_age_s is None else max_age_s,
        )
    except OSError as error:
        raise ConfigError(
            f"answers cannot be kept in {str(folder)!r}: {error}; give another folder"
        ) from error
    keeping = Keeping(answers)
    token = otel_context.attach(Context({**tracing.current_context(), _KEEPING: keeping}))
    _OPEN.append(keeping)
    try:
        yield
    finally:
        _OPEN.remove(keeping)
        otel_context.detach(token)
        answers.trim()


def in_trial(context: Context, *, index: int, attempt: int = 1) -> Context:
    """`context` for all that one trial of a case does; unchanged where no answers are kept.

    Trials do not share answers: `index` tells those of a case apart, counted from 0, and `attempt` those that
    were run again because they failed, counted from 1. What is kept is what the current context says.
    """
    keeping = kept_answers()
    return context if keeping is None else Context({**context, _KEEPING: keeping.in_trial(index, attempt)})


def kept_answers() -> Keeping | None:
    """The answers that are kept in the current context; None where none are."""
    if not _OPEN:
        return None
    found = tracing.current_context().get(_KEEPING)
    return found if isinstance(found, Keeping) else None
