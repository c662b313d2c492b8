"""What the tests of formats share."""

from typing import Any

import pytest

from media import key
from spanscore._json import from_json, to_json
from spanscore.attachments._conversion import converted


class Converting:
    """Converts JSON values; keeps what was taken out."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    def __call__(self, value: Any) -> Any:
        """The value as it is in a row; None if nothing was found."""
        text = converted(to_json(value), self.keep)
        return None if text is None else from_json(text)

    def keep(self, content: bytes) -> str:
        self.kept.append(content)
        return key(content)


@pytest.fixture
def convert() -> Converting:
    return Converting()
