"""Exported spans: the texts that the official SDK (0.47.0) writes, read and written."""

import base64
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.errors import ParentError
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.slug import Slug

pytestmark = pytest.mark.core

UUID = "0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9"
EXPERIMENT = Slug(
    parent=Parent(ParentKind.EXPERIMENT_ID, UUID),
    trace_id=0x4BF92F3577B34DA6A3CE929D0E0E4736,
    span_id=0x00F067AA0BA902B7,
)
PROJECT = replace(EXPERIMENT, parent=Parent(ParentKind.PROJECT_ID, UUID))
IDS = "AwDwZ6oLqQK3BEv5LzV3s02mo86SnQ4ORzZ7"
BY_ID = f"{IDS}Im9iamVjdF9pZCI6IjBiMWMyZDNlLTRmNTAtNDYxNy04MjkzLWE0YjVjNmQ3ZThmOSIsInJvd19pZCI6I"
ROW = "jAwZjA2N2FhMGJhOTAyYjcifQ=="

WRITTEN = {
    "experiment": ("BAEC" + BY_ID + ROW, EXPERIMENT),
    "project": ("BAIC" + BY_ID + ROW, PROJECT),
    "playground": (
        "BAMC" + BY_ID + ROW,
        replace(EXPERIMENT, parent=Parent(ParentKind.PLAYGROUND_ID, UUID)),
    ),
    "purpose": (
        "BAEC" + IDS + "InByb3BhZ2F0ZWRfZXZlbnQiOnsic3Bhbl9hdHRyaWJ1dGVzIjp7InB1cnBvc2UiOiJzY29yZXIifX0sIm9ia"
        "mVjdF9pZCI6IjBiMWMyZDNlLTRmNTAtNDYxNy04MjkzLWE0YjVjNmQ3ZThmOSIsInJvd19pZCI6IjAwZjA2N2FhMGJhOTAyYjci"
        "fQ==",
        replace(EXPERIMENT, purpose="scorer"),
    ),
    "project by name, no span": (
        "BAIAeyJjb21wdXRlX29iamVjdF9tZXRhZGF0YV9hcmdzIjp7InByb2plY3RfbmFtZSI6ImJvdCIsInByb2plY3RfaWQiOm51bGx9"
        "fQ==",
        Slug(parent=Parent(ParentKind.PROJECT_NAME, "bot")),
    ),
}
"""What the official SDK writes, and we write to the letter."""

READ = {
    "name that is not ASCII": (
        "BAIC" + IDS + "ImNvbXB1dGVfb2JqZWN0X21ldGFkYXRhX2FyZ3MiOnsicHJvamVjdF9uYW1lIjoic3VwcG9ydCBib3QgXHUwM"
        "GU5IiwicHJvamVjdF9pZCI6bnVsbH0sInJvd19pZCI6IjAwZjA2N2FhMGJhOTAyYjcifQ==",
        replace(PROJECT, parent=Parent(ParentKind.PROJECT_NAME, "support bot é")),
    ),
    "project named by id": (
        "BAIAeyJjb21wdXRlX29iamVjdF9tZXRhZGF0YV9hcmdzIjp7InByb2plY3RfbmFtZSI6bnVsbCwicHJvamVjdF9pZCI6IjBiMWMy"
        "ZDNlLTRmNTAtNDYxNy04MjkzLWE0YjVjNmQ3ZThmOSJ9fQ==",
        Slug(parent=PROJECT.parent),
    ),
    "row with an id of its own": (
        "BAEC" + BY_ID + "jExMTExMTExLTIyMjItNDMzMy04NDQ0LTU1NTU1NTU1NTU1NSJ9",
        replace(EXPERIMENT, row_id="11111111-2222-4333-8444-555555555555"),
    ),
    "version 3": (
        "AwECAQscLT5PUEYXgpOktcbX6PkES/kvNXezTaajzpKdDg5HNnsicm93X2lkIjoiMDBmMDY3YWEwYmE5MDJiNyIsInNwYW5faWQi"
        "OiIwMGYwNjdhYTBiYTkwMmI3In0=",
        EXPERIMENT,
    ),
    "version 3, no span": (
        "AwEAeyJvYmplY3RfaWQiOiJteS1leHBlcmltZW50In0=",
        Slug(parent=Parent(ParentKind.EXPERIMENT_ID, "my-experiment")),
    ),
}
"""What it writes too, or has written."""

UUIDS = {
    "version 3": (
        "AwIEAQscLT5PUEYXgpOktcbX6PkCERERESIiQzOERFVVVVVVVQNmZmZmd3dIiJmZqqqqqqqqBLu7u7vMzE3dju7///////8=",
        Slug(parent=PROJECT.parent),
    ),
    "version 4": (
        "BAEAeyJvYmplY3RfaWQiOiIwYjFjMmQzZS00ZjUwLTQ2MTctODI5My1hNGI1YzZkN2U4ZjkiLCJyb3dfaWQiOiIxMTExMTExMS0y"
        "MjIyLTQzMzMtODQ0NC01NTU1NTU1NTU1NTUiLCJzcGFuX2lkIjoiNjY2NjY2NjYtNzc3Ny00ODg4LTk5OTktYWFhYWFhYWFhYWFh"
        "Iiwicm9vdF9zcGFuX2lkIjoiYmJiYmJiYmItY2NjYy00ZGRkLThlZWUtZmZmZmZmZmZmZmZmIn0=",
        Slug(parent=EXPERIMENT.parent),
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_writes_what_the_official_sdk_writes(name: str) -> None:
    text, slug = WRITTEN[name]
    assert str(slug) == text


@pytest.mark.parametrize(("text", "slug"), [*WRITTEN.values(), *READ.values()])
def test_reads_what_the_official_sdk_writes(text: str, slug: Slug) -> None:
    assert Slug.parse(text) == slug


@pytest.mark.parametrize("name", UUIDS)
def test_of_uuid_ids_only_the_container_is_kept(name: str) -> None:
    text, slug = UUIDS[name]
    assert Slug.parse(text) == slug


@given(
    kind=st.sampled_from(ParentKind),
    value=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    ids=st.none() | st.tuples(st.integers(1, 2**128 - 1), st.integers(1, 2**64 - 1)),
    purpose=st.none() | st.just("scorer"),
)
def test_text_and_value_are_the_same(
    kind: ParentKind, value: str, ids: tuple[int, int] | None, purpose: str | None
) -> None:
    trace_id, span_id = ids or (None, None)
    slug = Slug(parent=Parent(kind, value), trace_id=trace_id, span_id=span_id, purpose=purpose)
    assert Slug.parse(str(slug)) == slug


def encoded(*parts: bytes) -> str:
    return base64.b64encode(b"".join(parts)).decode()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no base64!", "'no base64!' is no exported span: "),
        ("é", "'é' is no exported span: "),
        ("", "'' is no exported span: it is too short"),
        (encoded(b"\x02\x01\x00"), "'AgEA' is no exported span: version 2 of the format is not known"),
        (encoded(b"\x04\x09\x00"), "'BAkA' is no exported span: object type 9 is not known"),
        (encoded(b"\x04\x01\x01\x03\x00"), "'BAEBAwA=' is no exported span: it ends in the middle of an id"),
        (encoded(b"\x04\x01\x01"), "'BAEB' is no exported span: it ends in the middle of an id"),
        (encoded(b"\x04\x01\x00[]"), "'BAEAW10=' is no exported span: its JSON is no object"),
        (encoded(b"\x04\x01\x00{"), "'BAEAew==' is no exported span: not JSON"),
        (encoded(b"\x04\x01\x00{}"), "an exported span names no container; it has nothing"),
        (encoded(b'\x04\x01\x00{"object_id":7}'), "an exported span names no container; it has object_id"),
    ],
)
def test_what_is_no_slug_is_named(text: str, why: str) -> None:
    with pytest.raises(ParentError) as caught:
        Slug.parse(text)
    assert str(caught.value).startswith(why)


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    text = base64.b64encode(raw).decode()
    found: Slug | None = None
    with suppress(ParentError):
        found = Slug.parse(text)
    assert found is None or Slug.parse(str(found)) == found
