"""Where the bytes of attachments go in this process, once something records."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from spanscore.attachments._folder import AttachmentFolder


class Keeping:
    """The folder in force: that of the connection made last. Without one, attachments are only named."""

    def __init__(self) -> None:
        self.folder: AttachmentFolder | None = None


KEEPING: Final = Keeping()
