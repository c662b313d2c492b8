"""The bytes behind a reference: of the embedded store, of the spool, of Braintrust."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fake_braintrust import KEY, FakeBraintrust
from media import PDF, PNG, key, reference
from spanscore import Attachment, ReadonlyAttachment, flush, init_logger, setup, start_span
from spanscore._config import Settings
from spanscore._connect import open_store
from spanscore.errors import NotFoundError
from spanscore.wire.parent import Parent

pytestmark = pytest.mark.core

IMAGE = reference(PNG, "image/png", "a.png")


@pytest.fixture
def server() -> Iterator[FakeBraintrust]:
    with FakeBraintrust() as each:
        yield each


def log_picture() -> dict[str, Any]:
    init_logger("support bot")
    picture = Attachment(data=PNG, filename="a.png", content_type="image/png")
    with start_span("look") as span:
        span.log(input=picture, expected={"same": picture}, metadata={"shown": [picture]})
    return picture.reference


def test_what_was_logged_is_read_back_from_the_embedded_store() -> None:
    found = ReadonlyAttachment(log_picture())
    assert found.data == PNG
    assert flush().lost == {}
    assert found.data == PNG
    assert str(found) == f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    assert found.status() == {"upload_status": "done"}
    path = Settings.from_env().home / "attachments" / key(PNG)[:2] / key(PNG)
    assert found.metadata() == {"downloadUrl": path.as_uri(), "status": {"upload_status": "done"}}


def test_the_row_has_the_references() -> None:
    log_picture()
    flush()
    store = open_store(Settings.from_env())
    (row,) = store.rows(Parent.parse("project_name:support bot"))
    store.close()
    assert (row.input, row.expected, row.metadata) == (IMAGE, {"same": IMAGE}, {"shown": [IMAGE]})


def test_it_can_be_logged_again() -> None:
    found = ReadonlyAttachment(log_picture())
    with start_span("again") as span:
        span.log(input=[found])
    flush()
    store = open_store(Settings.from_env())
    inputs = [row.input for row in store.rows(Parent.parse("project_name:support bot"))]
    store.close()
    assert inputs == [IMAGE, [IMAGE]]


def test_item_73_braintrust_is_asked_for_what_is_not_here(
    server: FakeBraintrust, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRAINTRUST_APP_URL", server.url)
    setup(home=tmp_path / "home", api_key=KEY, api_url=server.url, destinations=["braintrust"])
    server.stored[key(PDF)] = PDF
    server.statuses[key(PDF)] = {"upload_status": "done"}
    found = ReadonlyAttachment(reference(PDF, "application/pdf", "terms.pdf"))
    assert found.data == PDF
    assert found.metadata().get("downloadUrl", "").startswith(f"{server.url}/blob/{key(PDF)}")
    assert found.status() == {"upload_status": "done"}


def test_without_a_key_it_is_said_where_it_was_looked_for(tmp_path: Path) -> None:
    setup(home=tmp_path / "home")
    with pytest.raises(NotFoundError, match=r"is not in .*home, and there is no Braintrust key to"):
        _ = ReadonlyAttachment(IMAGE).data


TRICKS = ["../../secret", "/etc/hostname", "..", key(PNG).upper()]


@pytest.mark.parametrize("trick", TRICKS)
def test_what_is_no_key_opens_no_file(tmp_path: Path, trick: str) -> None:
    setup(home=tmp_path / "home")
    (tmp_path / "secret").write_text("secret")
    with pytest.raises(NotFoundError):
        _ = ReadonlyAttachment({**IMAGE, "key": trick}).data


def test_an_address_of_a_reference_is_never_fetched_by_us(server: FakeBraintrust, tmp_path: Path) -> None:
    setup(home=tmp_path / "home")
    external = {
        "type": "external_attachment",
        "url": f"{server.url}/private",
        "filename": "a",
        "content_type": "b/c",
    }
    with pytest.raises(NotFoundError):
        _ = ReadonlyAttachment(external).data
    assert server.requests == []


WRONG: dict[str, tuple[Any, type[Exception], str]] = {
    "text": ("a", TypeError, "reference is 'a'; give the object that stands in the row"),
    "another type": ({"type": "text"}, ValueError, "of the type 'text'; give one whose type is"),
    "no key": ({"type": "braintrust_attachment"}, TypeError, "key is None"),
    "no address": ({"type": "external_attachment", "url": ""}, ValueError, "url is ''"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_reference_is_said(case: str) -> None:
    given, kind, message = WRONG[case]
    with pytest.raises(kind, match=message):
        ReadonlyAttachment(given)


def test_what_it_shows() -> None:
    assert repr(ReadonlyAttachment(IMAGE)) == f"ReadonlyAttachment({IMAGE!r})"
