"""Versions of providers' packages."""

import re

from spanscore.errors import InstrumentError


def check_version(package: str, version: str, oldest: tuple[int, ...]) -> None:
    """Raises InstrumentError, with what to install, if a package is older than `oldest`."""
    if version_of(version) < oldest:
        wanted = ".".join(map(str, oldest))
        raise InstrumentError(
            f"{package} {version} is too old to be recorded; pip install '{package}>={wanted}'"
        )


def version_of(text: str) -> tuple[int, ...]:
    """The leading numbers of a version.

    >>> version_of("1.55.3-beta.1")
    (1, 55, 3)
    """
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])
