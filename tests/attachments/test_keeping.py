"""Where attachments go while nothing records."""

import pytest

from media import PNG, reference
from spanscore import Attachment
from spanscore._json import from_json, to_json
from spanscore.attachments import KEEPING

pytestmark = pytest.mark.core


def test_without_a_folder_an_attachment_is_only_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KEEPING, "folder", None)
    made = Attachment(data=PNG, filename="a.png", content_type="image/png")
    assert from_json(to_json([made])) == [reference(PNG, "image/png", "a.png")]
