"""References to attachments: what they look like, and which names can be files of ours."""

import hashlib
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.wire.attachments import (
    Reference,
    is_key,
    keeps_attachments,
    key_of,
    reference_of,
    references_in,
    stored_at,
)

pytestmark = pytest.mark.core

KEY = "0123abcd-4567-4abc-9def-0123456789ab"
REFERENCE = Reference(key=KEY, filename="a.png", content_type="image/png")


@given(st.binary())
def test_a_key_is_a_uuid_of_version_4_that_says_what_is_in_it(content: bytes) -> None:
    digest = hashlib.sha256(content).digest()
    assert key_of(digest) == str(UUID(bytes=digest[:16], version=4))
    assert is_key(key_of(digest))


@pytest.mark.parametrize(
    "text",
    ["", "..", KEY.upper(), KEY[:-1], f"{KEY}\n", f"../{KEY}", KEY.replace("4abc", "1abc"), None, 7, [KEY]],
)
def test_what_is_no_key(text: Any) -> None:
    assert not is_key(text)
    assert reference_of({**REFERENCE.as_json(), "key": text}) is None


def test_references_in_json_text() -> None:
    assert REFERENCE.as_json() == {
        "type": "braintrust_attachment",
        "content_type": "image/png",
        "filename": "a.png",
        "key": KEY,
    }
    value = {
        "a": [REFERENCE.as_json(), {"b": REFERENCE.as_json()}],
        "c": {**REFERENCE.as_json(), "filename": "b"},
    }
    other = Reference(key=KEY, filename="b", content_type="image/png")
    assert references_in(json.dumps(value)) == [REFERENCE, other]


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "no json: braintrust_attachment",
        '{"type":"braintrust_attachment"}',
        '{"type":"braintrust_attachment","key":"../../etc/passwd","filename":"a","content_type":"b"}',
        json.dumps({**REFERENCE.as_json(), "filename": 7}),
        json.dumps({**REFERENCE.as_json(), "type": ["braintrust_attachment"]}),
        "[" * 500 + json.dumps(REFERENCE.as_json()) + "]" * 500,
    ],
)
def test_text_without_references(text: str) -> None:
    assert references_in(text) == []


def test_where_the_store_has_them() -> None:
    assert stored_at(Path("/home/attachments"), KEY) == Path("/home/attachments/01") / KEY


def test_who_keeps_them() -> None:
    names = ("local", "braintrust:https://x#1", "otlp:http://x", "exporter:7")
    assert [keeps_attachments(name) for name in names] == [True, True, False, False]
