"""The environment of the process, where a command touches it."""

import os
from pathlib import Path

import pytest

from spanscore._config import load_env_file, set_variables, step_summary_file
from spanscore.errors import ConfigError

pytestmark = pytest.mark.core


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REPORT_A", "REPORT_B", "GITHUB_STEP_SUMMARY"):
        # Set first, so that what the test sets is undone.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def test_a_dotenv_file_sets_what_is_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT_B", "mine")
    file = tmp_path / "test.env"
    file.write_text("# comment\nREPORT_A='one'\nREPORT_B=two\n")
    load_env_file(file)
    assert (os.environ["REPORT_A"], os.environ["REPORT_B"]) == ("one", "mine")


@pytest.mark.parametrize("text", [None, "no assignment: at all\n", "\udcff"])
def test_a_file_that_is_none_is_named(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "test.env"
    if text is not None:
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError, match=r"test\.env"):
        load_env_file(file)


def test_variables_are_set_and_none_leaves_them() -> None:
    set_variables({"REPORT_A": "one", "REPORT_B": None})
    assert (os.environ.get("REPORT_A"), os.environ.get("REPORT_B")) == ("one", None)


def test_the_file_of_github_actions(monkeypatch: pytest.MonkeyPatch) -> None:
    assert step_summary_file() is None
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "/tmp/summary.md")
    assert step_summary_file() == Path("/tmp/summary.md")
