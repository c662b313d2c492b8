"""The answer to a login, whatever is in it."""

from typing import Any

import pytest

from spanscore.wire.login import Organisation, chosen, organisations
from spanscore.wire.repo import GitMetadataSettings

pytestmark = pytest.mark.core


@pytest.mark.parametrize("answer", [None, [], {}, {"org_info": None}, {"org_info": "x"}, {"org_info": [1]}])
def test_nothing_is_found_in_nothing(answer: Any) -> None:
    assert organisations(answer) == []


@pytest.mark.parametrize(
    ("told", "settings"),
    [
        (None, None),
        ({}, None),
        ({"collect": "everything"}, None),
        ({"collect": "all"}, GitMetadataSettings(collect="all", fields=[])),
        ({"collect": "some", "fields": ["tag", "new"]}, GitMetadataSettings(collect="some", fields=["tag"])),
    ],
)
def test_what_may_be_told_of_a_repository(told: Any, settings: GitMetadataSettings | None) -> None:
    answer = {"org_info": [{"id": "1", "name": "a", "git_metadata": told}]}
    assert organisations(answer) == [Organisation(id="1", name="a", git_metadata=settings)]


def test_one_is_chosen_by_its_exact_name() -> None:
    first, second = Organisation(id="1", name="a"), Organisation(id="2", name="b")
    assert chosen([first, second], None) is first
    assert chosen([first, second], "b") is second
    assert chosen([first, second], "B") is None
    assert chosen([], None) is None
