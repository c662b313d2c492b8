"""The adapter that a program puts in the place of the library's own, for proxies and certificates."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter


class Adapter:
    """Which adapter new connections use; None is the library's own. There is one, `ADAPTER`."""

    def __init__(self) -> None:
        self.chosen: BaseAdapter | None = None


ADAPTER = Adapter()
