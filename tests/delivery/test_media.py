"""Media on their way: kept beside the row, or whole within it, and never searched for secrets."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from finished_spans import finished, whole_span
from media import JPEG, PNG, data_uri, encoded, key, png, reference
from spanscore._json import JsonText, to_json
from spanscore.attachments import AttachmentFolder
from spanscore.delivery._media import Media
from spanscore.delivery._redaction import Redactor
from spanscore.tracing import guard
from spanscore.wire.records import Record, RowUpdate

pytestmark = pytest.mark.core

PNG_URI = data_uri(PNG, "image/png")
SECRET = "ghp_" + "a1B2" * 9
LOCAL, BRAINTRUST, OTLP = "local", "braintrust:https://x#1", "otlp:http://x"
IMAGE = reference(PNG, "image/png", "image.png")


@pytest.fixture
def media(tmp_path: Path) -> Media:
    return Media(AttachmentFolder(tmp_path / "attachments", max_bytes=1 << 30, max_age_s=600))


def kept(media: Media) -> dict[str, bytes]:
    folder = media.folder.folder
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def value(record: Record, name: str = "braintrust.input_json") -> Any:
    given: Any = record.fields if isinstance(record, RowUpdate) else record.attributes
    return json.loads(given[name])


def unchanged(record: Record) -> Record:
    return record


@pytest.mark.parametrize("name", ["braintrust.input_json", "braintrust.output_json"])
@pytest.mark.parametrize("kind", [JsonText, str])
def test_item_63_media_of_inputs_and_outputs_become_references(media: Media, name: str, kind: Any) -> None:
    record = whole_span(attributes={name: kind(to_json([PNG_URI])), "other": PNG_URI})
    new = media.converted(record)
    assert value(new, name) == [IMAGE]
    assert kept(media) == {key(PNG): PNG}
    # The copy alone is changed: the span is the program's.
    assert value(record, name) == [PNG_URI]
    assert not isinstance(new, RowUpdate)
    assert (new.attributes or {})["other"] == PNG_URI


@pytest.mark.parametrize("name", ["braintrust.expected_json", "braintrust.metadata", "gen_ai.input.messages"])
def test_item_63_nothing_else_is_searched(media: Media, name: str) -> None:
    record = finished({name: to_json([PNG_URI])})
    assert media.converted(record) is record


def test_item_40_media_that_were_generated_become_references_too(media: Media) -> None:
    call = {"type": "image_generation_call", "id": "ig", "result": encoded(JPEG)}
    record = finished({"braintrust.output_json": to_json({"output": [call]})})
    new = media.converted(record)
    expected = {**call, "result": reference(JPEG, "image/jpeg", "image.jpg")}
    assert value(new, "braintrust.output_json") == {"output": [expected]}


def test_updates_have_their_media_replaced(media: Media) -> None:
    fields = {"output": to_json([PNG_URI]), "expected": to_json([PNG_URI]), "scores": to_json({"a": 1})}
    update = RowUpdate(parent="experiment_id:e", trace_id=1, span_id=2, fields=fields)
    new = media.converted(update)
    assert isinstance(new, RowUpdate)
    assert new.fields == {**fields, "output": to_json([IMAGE])}


def test_item_63_what_has_no_media_is_passed_on_as_it_is(media: Media) -> None:
    record = finished({"braintrust.input_json": to_json({"data": "short", "base64": "no"})})
    assert media.converted(record) is record
    assert media.redacted(record, unchanged) is record


@pytest.mark.parametrize("text", ["{", f'["{PNG_URI}"', f"{PNG_URI}", "NaN"])
def test_item_75_json_that_is_none_is_left_alone(media: Media, text: str) -> None:
    record = finished({"braintrust.input_json": text, "braintrust.output_json": to_json([PNG_URI])})
    new = media.converted(record)
    assert not isinstance(new, RowUpdate)
    assert (new.attributes or {})["braintrust.input_json"] == text
    assert value(new, "braintrust.output_json") == [IMAGE]


def test_item_66_it_is_all_or_nothing(
    media: Media, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put = media.folder.put

    def failing(content: bytes) -> str:
        if content == JPEG:
            raise OSError("no space left on device")
        return put(content)

    monkeypatch.setattr(media.folder, "put", failing)
    attributes = {
        "braintrust.input_json": to_json([PNG_URI]),
        "braintrust.output_json": to_json([data_uri(JPEG, "image/jpeg")]),
    }
    record = finished(attributes)
    with caplog.at_level(logging.WARNING):
        assert media.converted(record) is record
        assert media.converted(record) is record
    assert caplog.text.count("no space left on device") == 1
    other = finished({"braintrust.input_json": to_json([PNG_URI])})
    assert value(media.converted(other)) == [IMAGE]


def test_item_75_an_error_of_ours_leaves_the_span_as_it_is(
    media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(content: bytes) -> str:
        raise RuntimeError("broken")

    monkeypatch.setattr(media.folder, "put", broken)
    record = finished({"braintrust.input_json": to_json([PNG_URI])})
    assert media.converted(record) is record
    assert guard.counts == {"putting media aside": 1}


def secretive() -> str:
    """A picture in whose base64 something looks like a key of Google's."""
    content = b"\x00" * 30 + b"\x01\x22\x33" * 60
    text = encoded(content)
    return f"data:image/png;base64,AAAA+AIza{'0' * 35}+{text}A=="[: 22 + 160]


@pytest.mark.parametrize("identity", [LOCAL, BRAINTRUST, OTLP])
def test_media_are_never_searched_for_secrets_and_what_is_beside_them_is(media: Media, identity: str) -> None:
    uri = secretive()
    record = finished({"braintrust.input_json": to_json([uri, {"text": f"my key is {SECRET}"}])})
    new = media.prepared(record, identity, Redactor().record)
    first, second = value(new)
    assert second == {"text": "my key is <redacted>"}
    if identity == OTLP:
        assert first == uri
        assert kept(media) == {}
    else:
        assert list(kept(media)) == [first["key"]]
    # Without us something is found in it.
    assert value(Redactor().record(finished({"braintrust.input_json": to_json([uri])}))) != [uri]


def test_media_under_the_name_of_a_secret_go_with_it(media: Media) -> None:
    record = finished({"braintrust.input_json": to_json({"messages": [f'password: "{PNG_URI}"', PNG_URI]})})
    new = media.redacted(record, Redactor().record)
    assert value(new)["messages"][1] == PNG_URI
    assert "<redacted>" in value(new)["messages"][0]


def test_large_media_are_kept_whole(media: Media) -> None:
    content = png(5_000_000)
    record = finished({"braintrust.input_json": to_json([data_uri(content, "image/png")], max_bytes=1 << 30)})
    assert value(media.converted(record)) == [reference(content, "image/png", "image.png")]
    assert kept(media) == {key(content): content}
