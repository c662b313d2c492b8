from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from spanscore._json import _key_check
from spanscore._json._key_check import MAX_HARMLESS, has_credentials

pytestmark = pytest.mark.core


@pytest.fixture(autouse=True)
def _nothing_learnt() -> Iterator[None]:
    _key_check._harmless.clear()
    yield
    _key_check._harmless.clear()


def checked(*objects: dict[Any, Any]) -> bool:
    return has_credentials(objects, [], orjson.dumps(objects))


def test_keys_are_learnt() -> None:
    assert not checked({"model": "m", "role": "user"}, {"role": "tool"})
    assert _key_check._harmless == {"model", "role"}


def test_what_may_stand_over_a_credential_is_not_learnt() -> None:
    assert checked({"api_key": "k"})
    assert not checked({"api_key": None})
    assert not checked({"token": " Paris"})
    assert checked({"token": "a1b2c3d4e5f6g7h8"})
    assert _key_check._harmless == set()


def test_keys_that_are_data_are_not_learnt() -> None:
    assert not checked({f"row {i}": i for i in range(1000)})
    assert not checked({"k" * 1000: 1})
    assert _key_check._harmless == set()


def test_the_table_is_bounded() -> None:
    for i in range(MAX_HARMLESS + 100):
        assert not checked({f"row {i}": i})
    assert len(_key_check._harmless) <= MAX_HARMLESS + 1


@pytest.mark.parametrize(
    ("array", "is_found"),
    [
        ([{"a": 1}] * 5, False),
        ([{"a": 1}] * 5 + [{"password": "p"}], True),
        (["{", {"a": {"b": [[{"c": ({"password": "p"},)}]]}}], True),
        (["{", {"a": {"b": [[{"c": ({"password": None},)}]]}}], False),
        (["{}{}{}", 1, [2, [3]]], False),
    ],
)
def test_objects_in_what_was_not_read_are_found(array: list[Any], is_found: bool) -> None:
    assert has_credentials([{"known": 1}], [array], orjson.dumps([{"known": 1}, array])) is is_found
