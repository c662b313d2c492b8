"""Which prompt or set of parameters is meant, and how it is said."""

from typing import Any

import pytest

from spanscore.errors import ConfigError
from spanscore.wire.hosted import HostedQuery

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("given", "text", "is_pinned"),
    [
        ({"project": "bot", "slug": "s"}, "bot/s", False),
        ({"project": "bot", "project_id": "p", "slug": "s", "version": "7"}, "p/s in version 7", True),
        ({"project": "bot", "slug": "s", "environment": "live"}, "bot/s of live", True),
        ({"id": "x"}, "id x", False),
    ],
)
def test_how_it_is_said(given: dict[str, Any], text: str, is_pinned: bool) -> None:
    query = HostedQuery(**given)
    assert (str(query), query.is_pinned) == (text, is_pinned)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"slug": "s"}, "the project of the prompt is not given; give project=, project_id= or id="),
        ({"project": "bot"}, "the slug of the prompt is not given; give slug= or id="),
    ],
)
def test_too_little_is_an_error(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        HostedQuery(**given)


def test_a_version_may_be_a_number_and_goes_before_an_environment() -> None:
    named = {"project": "bot", "slug": "s"}
    assert HostedQuery.pinned(version=7, environment="live", **named) == HostedQuery(version="7", **named)
    assert HostedQuery.pinned(version=None, environment="live", **named) == HostedQuery(
        environment="live", **named
    )
