"""Bytes that are handed over at once, while whoever asked for it waits."""

import threading
from collections.abc import Sequence

from spanscore._config import Settings
from spanscore.attachments import AttachmentFolder
from spanscore.delivery._attachment_api import AttachmentApi
from spanscore.wire.attachments import Reference


class DirectUpload:
    """Hands over what is in `folder` to the account of the settings, each file once."""

    def __init__(self, settings: Settings, folder: AttachmentFolder) -> None:
        self._settings = settings
        self._folder = folder
        self._done: set[Reference] = set()
        self._lock = threading.Lock()

    def hand_over(self, references: Sequence[Reference]) -> None:
        """When it returns the bytes are there; what is not in the folder came from elsewhere, and is there.

        Raises RetryLaterError for what may pass, RejectedError for what will not.
        """
        with self._lock:
            wanted = [each for each in references if each not in self._done]
            found = [(each, path) for each in wanted if (path := self._folder.path(each.key)) is not None]
            if not found:
                return
            key = self._settings.require_api_key()
            with AttachmentApi(self._settings) as api:
                api.log_in(key)
                for reference, path in found:
                    api.upload(reference, path, key)
                    self._done.add(reference)
