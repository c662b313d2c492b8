"""What a program can log: files, values as files, and files that lie elsewhere."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from media import PDF, PNG, key, reference
from spanscore import Attachment, ExternalAttachment, JSONAttachment
from spanscore._json import from_json, to_json
from spanscore.attachments import KEEPING, AttachmentFolder

pytestmark = pytest.mark.core


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[AttachmentFolder]:
    before, KEEPING.folder = (
        KEEPING.folder,
        AttachmentFolder(tmp_path / "kept", max_bytes=1 << 30, max_age_s=60),
    )
    yield KEEPING.folder
    KEEPING.folder = before


def kept(folder: AttachmentFolder) -> dict[str, bytes]:
    return (
        {path.name: path.read_bytes() for path in folder.folder.iterdir()} if folder.folder.exists() else {}
    )


def png(**changes: Any) -> Attachment:
    given: dict[str, Any] = {"data": PNG, "filename": "a.png", "content_type": "image/png", **changes}
    return Attachment(**given)


def test_the_value_has_a_reference_and_the_folder_the_bytes(folder: AttachmentFolder) -> None:
    value = {"question": "What is it?", "pictures": [png(), png()]}
    same = reference(PNG, "image/png", "a.png")
    assert from_json(to_json(value)) == {"question": "What is it?", "pictures": [same, same]}
    assert kept(folder) == {key(PNG): PNG}


def test_making_one_keeps_nothing(folder: AttachmentFolder) -> None:
    assert png().reference == reference(PNG, "image/png", "a.png")
    assert kept(folder) == {}


def test_bytes_are_taken_as_they_are_when_they_are_recorded(folder: AttachmentFolder) -> None:
    data = bytearray(PNG)
    made = png(data=data)
    to_json(made)
    data[0] = 0
    assert made.reference == reference(PNG, "image/png", "a.png")
    assert kept(folder) == {key(PNG): PNG}


def test_a_path_is_read_when_it_is_recorded(folder: AttachmentFolder, tmp_path: Path) -> None:
    path = tmp_path / "terms.pdf"
    path.write_bytes(PDF)
    made = Attachment(data=str(path), filename="terms.pdf", content_type="application/pdf")
    assert from_json(to_json({"file": made})) == {"file": reference(PDF, "application/pdf", "terms.pdf")}
    path.unlink()
    assert from_json(to_json([made])) == [reference(PDF, "application/pdf", "terms.pdf")]
    assert kept(folder) == {key(PDF): PDF}


def test_a_file_that_is_missing_is_told_in_the_value(tmp_path: Path) -> None:
    path = str(tmp_path / "missing.pdf")
    made = Attachment(data=path, filename="terms.pdf", content_type="application/pdf")
    (told,) = from_json(to_json([made]))
    why = f"[Errno 2] No such file or directory: '{path}'"
    assert told == f"[spanscore: the attachment terms.pdf was not recorded: {why}]"
    with pytest.raises(FileNotFoundError):
        _ = made.data
    with pytest.raises(FileNotFoundError):
        _ = made.reference


def test_a_folder_that_cannot_be_written_is_told_in_the_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    broken = AttachmentFolder(tmp_path / "file" / "kept", max_bytes=1, max_age_s=1)
    monkeypatch.setattr(KEEPING, "folder", broken)
    assert "the attachment a.png was not recorded" in to_json(png())


def test_another_folder_in_force_gets_the_bytes_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = png()
    to_json(made)
    other = AttachmentFolder(tmp_path / "other", max_bytes=1 << 30, max_age_s=60)
    monkeypatch.setattr(KEEPING, "folder", other)
    to_json(made)
    assert kept(other) == {key(PNG): PNG}


def test_text_that_looks_like_a_path_is_never_opened(folder: AttachmentFolder, tmp_path: Path) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(PNG)
    value = {"image_url": {"url": str(path)}, "path": str(path), "uri": path.as_uri()}
    assert from_json(to_json(value)) == value
    assert kept(folder) == {}


WRONG: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "a path object": ({"data": Path("a.png")}, TypeError, r"give bytes, or the path of a file as text \(str"),
    "no data": ({"data": None}, TypeError, "data is a NoneType; give bytes"),
    "an empty path": ({"data": ""}, ValueError, "data is empty text; give the path of a file"),
    "no name": ({"filename": None}, TypeError, "filename is None; give text, such as 'image.png'"),
    "a blank name": ({"filename": " "}, ValueError, "filename is ' '; give text"),
    "no type": ({"content_type": 7}, TypeError, "content_type is 7; give text, such as 'image/png'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_meant_is_said_when_it_is_made(case: str) -> None:
    changes, kind, message = WRONG[case]
    with pytest.raises(kind, match=message):
        png(**changes)


def test_a_value_becomes_a_file_of_json(folder: AttachmentFolder) -> None:
    given: dict[str, Any] = {"rows": [1, 2.5, "é"], "api_key": "sk-1234"}
    made = JSONAttachment(given)
    given["rows"] = "changed"
    content = '{"rows":[1,2.5,"é"],"api_key":"<redacted>"}'.encode()
    assert made.data == content
    assert from_json(to_json([made])) == [reference(content, "application/json", "data.json")]
    assert kept(folder) == {key(content): content}


def test_a_value_can_be_on_several_lines() -> None:
    made = JSONAttachment({"a": [1]}, filename="a.json", pretty=True)
    assert made.data == b'{\n  "a": [\n    1\n  ]\n}'
    assert made.reference["filename"] == "a.json"
    huge = JSONAttachment([1 << 70], pretty=True)
    assert json.loads(huge.data) == [1 << 70]


def test_what_lies_elsewhere_is_only_named(folder: AttachmentFolder) -> None:
    made = ExternalAttachment(url="s3://b/scan.pdf", filename="scan.pdf", content_type="application/pdf")
    assert from_json(to_json([made])) == [
        {
            "type": "external_attachment",
            "content_type": "application/pdf",
            "filename": "scan.pdf",
            "url": "s3://b/scan.pdf",
        }
    ]
    assert kept(folder) == {}
    with pytest.raises(ValueError, match=r"url is ''; give text, such as 's3://bucket/scan\.pdf'"):
        ExternalAttachment(url="", filename="a", content_type="b/c")


def test_what_they_show_has_no_content() -> None:
    assert repr(png()) == "Attachment(filename='a.png', content_type='image/png')"
    assert repr(JSONAttachment([])) == "JSONAttachment(filename='data.json')"
    external = ExternalAttachment(url="https://x/a", filename="a", content_type="b/c")
    assert repr(external) == "ExternalAttachment(url='https://x/a', filename='a')"


def test_an_attachment_is_kept_however_long_other_values_took(
    folder: AttachmentFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spanscore._json._plain.MAX_SECONDS", -1.0)
    assert "out of time" in to_json([object()])
    assert from_json(to_json([png()])) == [reference(PNG, "image/png", "a.png")]
    assert kept(folder) == {key(PNG): PNG}


def test_a_subclass_is_an_attachment_too(folder: AttachmentFolder) -> None:
    class Scan(Attachment):
        pass

    made = Scan(data=PNG, filename="a.png", content_type="image/png")
    assert from_json(to_json({"scan": made})) == {"scan": reference(PNG, "image/png", "a.png")}
    assert kept(folder) == {key(PNG): PNG}
