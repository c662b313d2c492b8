"""How requests to one server are made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

TIMEOUT_S: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """Where requests go and how.

    `verify` is True or the path of a file of certificates, `cert` the path of the client's certificate, with
    that of its key where it has a file of its own. `compression` is "gzip", "deflate" or None.
    """

    endpoint: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    verify: bool | str = True
    cert: str | tuple[str, str] | None = None
    timeout_s: float = TIMEOUT_S
    compression: str | None = None
