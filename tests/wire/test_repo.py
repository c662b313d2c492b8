"""What of a repository may be told."""

from typing import Any

import pytest

from spanscore.errors import ConfigError
from spanscore.wire.repo import FIELDS_OF_A_REPO, GitMetadataSettings

pytestmark = pytest.mark.core

FIELDS = "commit, branch, tag, dirty, author_name, author_email, commit_message, commit_time, git_diff"


def test_every_field_may_be_chosen() -> None:
    assert GitMetadataSettings(collect="some", fields=FIELDS_OF_A_REPO).fields == tuple(FIELDS.split(", "))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"collect": "most"}, "collect is 'most'; give one of all, none, some"),
        ({"fields": "commit"}, f"fields is 'commit'; give a list of {FIELDS}"),
        (
            {"collect": "some", "fields": ["commit", "author", "sha"]},
            f"nobody tells 'author', 'sha' of a repository; give some of {FIELDS}",
        ),
    ],
)
def test_what_there_is_not_is_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        GitMetadataSettings(**given)
    assert str(caught.value) == message
