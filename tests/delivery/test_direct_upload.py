"""Bytes that are handed over at once."""

from pathlib import Path

import pytest

from fake_braintrust import FakeBraintrust
from http_sink import Answer
from spanscore.attachments import AttachmentFolder
from spanscore.delivery._direct_upload import DirectUpload
from spanscore.errors import RetryLaterError
from spanscore.wire.attachments import Reference

pytestmark = pytest.mark.core


def test_each_file_goes_once_and_what_is_elsewhere_not_at_all(tmp_path: Path) -> None:
    folder = AttachmentFolder(tmp_path / "files", max_bytes=1 << 20, max_age_s=60)
    here = Reference(key=folder.put(b"GIF89a"), filename="a.gif", content_type="image/gif")
    elsewhere = Reference(key="9f2c1111-0000-4000-8000-000000000000", filename="b", content_type="image/gif")
    with FakeBraintrust() as server:
        upload = DirectUpload(server.settings(tmp_path), folder)
        upload.hand_over([elsewhere])
        assert server.requests == []
        server.before = lambda request: Answer(status=503) if request.path == "/attachment" else None
        with pytest.raises(RetryLaterError):
            upload.hand_over([here])
        server.before = lambda _request: None
        upload.hand_over([here, elsewhere])
        count = len(server.requests)
        upload.hand_over([here])
        assert (server.stored, len(server.requests)) == ({here.key: b"GIF89a"}, count)
