"""Where a server's prompts and parameters are asked for, and where its last answers are kept."""

from pathlib import Path

import pytest

from spanscore._config import Settings
from spanscore.api._hosted import opened
from spanscore.errors import UnauthorizedError
from spanscore.wire.hosted import HostedQuery

pytestmark = pytest.mark.core

QUERY = HostedQuery(project="bot", slug="s")


def settings(tmp_path: Path, **named: str) -> Settings:
    return Settings.from_env(home=tmp_path, api_url="http://127.0.0.1:9", **named)


def test_answers_are_kept_for_one_account_without_its_key(tmp_path: Path) -> None:
    client, folder = opened(settings(tmp_path, api_key="sk-one"), "prompts")
    folder.keep(QUERY, {"v": 1})
    assert client.api_url == "http://127.0.0.1:9"
    assert opened(settings(tmp_path, api_key="sk-one"), "prompts")[1].find(QUERY) == {"v": 1}
    for others in ({"api_key": "sk-two"}, {"api_key": "sk-one", "org_name": "another"}):
        assert opened(settings(tmp_path, **others), "prompts")[1].find(QUERY) is None
    assert opened(settings(tmp_path, api_key="sk-one"), "parameters")[1].find(QUERY) is None
    (kept,) = (tmp_path / "prompts").iterdir()
    assert "sk-one" not in kept.name + kept.read_text()


def test_without_a_key_nothing_is_opened(tmp_path: Path) -> None:
    with pytest.raises(UnauthorizedError, match="BRAINTRUST_API_KEY"):
        opened(settings(tmp_path), "prompts")
