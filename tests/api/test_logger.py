"""The logger: what it logs, and which one is current."""

import contextvars
from typing import Any

import pytest

from spanscore import current_logger, flush, init_logger, start_span
from spanscore.api._recording import ensure_recording
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent

pytestmark = pytest.mark.core


def rows(parent: str) -> list[dict[str, Any]]:
    store = SqliteStore(ensure_recording().settings.home / "spanscore.db")
    return [row.as_dict() for row in store.rows(Parent.parse(parent))]


def test_event_becomes_a_row() -> None:
    logger = init_logger("bot")
    row_id = logger.log(
        input="2+2", output="4", expected="4", scores={"exact": 1}, metadata={"user": "u"}, tags=["a"]
    )
    assert logger.flush()
    (row,) = rows("project_name:bot")
    fields = ("id", "input", "output", "expected", "scores", "metadata", "tags", "is_root", "error")
    assert {name: row[name] for name in fields} == {
        "id": row_id,
        "input": "2+2",
        "output": "4",
        "expected": "4",
        "scores": {"exact": 1},
        "metadata": {"user": "u"},
        "tags": ["a"],
        "is_root": True,
        "error": None,
    }


def test_log_after_the_end_is_merged_into_the_row() -> None:
    logger = init_logger("bot")
    span = logger.start_span("answer", input=1, metadata={"a": {"b": 1}})
    span.end()
    span.log(scores={"thumbs": 1}, metadata={"a": {"c": 2}})
    flush()
    (row,) = rows("project_name:bot")
    assert (row["input"], row["scores"], row["metadata"]) == (1, {"thumbs": 1}, {"a": {"b": 1, "c": 2}})


def test_spans_that_belong_nowhere_else_go_to_the_current_logger() -> None:
    assert current_logger() is None
    first = init_logger("first")
    other = init_logger("other", set_current=False)
    assert current_logger() is first
    with start_span("one"):
        pass
    with other.start_span("two"), start_span("below two"):
        pass
    flush()
    assert [row["span_attributes"]["name"] for row in rows("project_name:first")] == ["one"]
    names = sorted(row["span_attributes"]["name"] for row in rows("project_name:other"))
    assert names == ["below two", "two"]


def test_context_may_have_a_logger_of_its_own() -> None:
    first = init_logger("first")
    second = contextvars.copy_context().run(init_logger, "second")
    assert current_logger() is first
    assert second.project == "second"


def test_project_by_id_and_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRAINTRUST_PROJECT", "from the environment")
    assert init_logger().parent == "project_name:from the environment"
    assert init_logger(project_id="p-1").parent == "project_id:p-1"


@pytest.mark.parametrize(
    ("variables", "parent"),
    [
        pytest.param({"BRAINTRUST_PROJECT": "bot"}, "project_name:bot", id="name"),
        pytest.param(
            {"BRAINTRUST_PROJECT": "bot", "BRAINTRUST_PROJECT_ID": "p-1"},
            "project_id:p-1",
            id="id before name",
        ),
        pytest.param(
            {"BRAINTRUST_PROJECT_ID": "p-1", "BRAINTRUST_PARENT": "experiment_id:e-1"},
            "experiment_id:e-1",
            id="container before both",
        ),
    ],
)
def test_environment_names_the_container(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], parent: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert init_logger().parent == parent
