"""The bytes that records refer to, on their way to Braintrust: after the records, a few at once."""

import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from opentelemetry import context as otel_context

from spanscore._counted import counted
from spanscore.attachments import AttachmentFolder
from spanscore.delivery._attachment_api import AttachmentApi
from spanscore.errors import DeliveryError, RejectedError, RetryLaterError
from spanscore.tracing._unwatched import unwatched
from spanscore.wire.attachments import ATTACHMENT, Reference, references_in
from spanscore.wire.records import Record, RowUpdate

_logger = logging.getLogger("spanscore")

RETRIES: Final = 8
FIRST_WAIT_S: Final = 0.5
"""The wait before the first further attempt; twice as long each time."""

_AT_ONCE: Final = 4
_MOST_KNOWN: Final = 10_000


class Uploads:
    """Hands over what is in `folder`, each file once; what is not there came from elsewhere, and is there.

    Files are read as they are sent, so that their size does not matter. `on_failure` is told of each that
    will never be taken.
    """

    def __init__(
        self, api: AttachmentApi, folder: AttachmentFolder, *, on_failure: Callable[[], None]
    ) -> None:
        self._api = api
        self._folder = folder
        self._on_failure = on_failure
        self._done: OrderedDict[Reference, None] = OrderedDict()
        self._tries: dict[Reference, int] = {}

    def deliver(self, records: Sequence[Record], key: str) -> None:
        """One attempt at all that the records refer to; when it returns, each is there or given up.

        Raises RetryLaterError while some are to be tried again, with the time to wait before that.
        """
        wanted = [found for found in dict.fromkeys(_references(records)) if found not in self._done]
        if not wanted:
            return
        errors = self._attempt(wanted, key)
        waiting: list[int] = []
        for each in wanted:
            error = errors.get(each)
            tries = self._tries[each] = self._tries.get(each, 0) + 1
            if isinstance(error, RetryLaterError) and tries <= RETRIES:
                waiting.append(tries)
                continue
            if error is not None:
                self._give_up(each, error, key)
            self._settle(each)
        if waiting:
            why = next(error for each, error in errors.items() if each in self._tries)
            text = f"{counted(len(waiting), 'attachment is', 'attachments are')} not uploaded yet: {why}"
            raise RetryLaterError(text, after_s=FIRST_WAIT_S * 2 ** (min(waiting) - 1))

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def _attempt(self, wanted: Sequence[Reference], key: str) -> dict[Reference, DeliveryError]:
        """What went wrong, by what it went wrong with."""
        errors: dict[Reference, DeliveryError] = {}
        try:
            # Once for all of them: where nobody answers each would wait for it.
            self._api.log_in(key)
        except DeliveryError as error:
            return dict.fromkeys(wanted, error)
        waiting = deque(wanted)
        threads = [
            thread
            for _ in range(min(_AT_ONCE, len(wanted)) - 1)
            if (thread := _started(partial(self._work_apart, waiting, errors, key))) is not None
        ]
        self._work(waiting, errors, key)
        for thread in threads:
            thread.join()
        return errors

    def _work(self, waiting: deque[Reference], errors: dict[Reference, DeliveryError], key: str) -> None:
        """Upload what is waiting, until nothing is."""
        while True:
            try:
                each = waiting.popleft()
            except IndexError:
                return
            error = self._error_of_upload(each, key)
            if error is not None:
                errors[each] = error

    def _work_apart(self, *arguments: Any) -> None:
        """The same in a thread of its own, whose connections end with it."""
        try:
            self._work(*arguments)
        finally:
            self._api.close()

    def _error_of_upload(self, reference: Reference, key: str) -> DeliveryError | None:
        path = self._folder.path(reference.key)
        if path is None:
            _logger.debug("the bytes of %s are not here, and are not uploaded", reference.key)
            return None
        try:
            self._api.upload(reference, path, key)
        except DeliveryError as error:
            return error
        except OSError as error:
            return RejectedError(f"{path} cannot be read: {error}")
        return None

    def _give_up(self, reference: Reference, error: DeliveryError, key: str) -> None:
        text = "the attachment %s (%s) is lost, its row is not: %s"
        _logger.warning(text, reference.filename, reference.key, error)
        self._on_failure()
        try:
            self._api.fail(reference, str(error), key)
        except DeliveryError as failure:
            _logger.debug("nor can this be told: %s", failure)

    def _settle(self, reference: Reference) -> None:
        self._tries.pop(reference, None)
        self._done[reference] = None
        if len(self._done) > _MOST_KNOWN:
            self._done.popitem(last=False)


def _started(work: Callable[[], None]) -> threading.Thread | None:
    """A thread that works, unseen by the program's own instrumentation; None if none starts."""

    def run() -> None:
        otel_context.attach(unwatched())
        work()

    thread = threading.Thread(target=run, name="spanscore-upload", daemon=True)
    try:
        thread.start()
    except RuntimeError:
        # The interpreter is shutting down.
        return None
    return thread


def _references(records: Sequence[Record]) -> Iterator[Reference]:
    for record in records:
        values: Mapping[str, Any]
        values = record.fields if isinstance(record, RowUpdate) else record.attributes or {}
        for value in values.values():
            if isinstance(value, str) and ATTACHMENT in value:
                yield from references_in(value)
