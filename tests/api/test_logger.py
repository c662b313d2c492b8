"""The logger: what it logs, and which one is current."""

import contextvars
from typing import Any

import pytest

from spanscore import current_logger, flush, init_logger, start_span
from spanscore.api._recording import ensure_recording
from spanscore.errors import ConfigError, EvalError
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
    assert second.project.name == "second"


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


def test_an_id_of_the_programs_own_is_one_row() -> None:
    logger = init_logger("bot")
    assert logger.log("q", "a", id="mine") == "mine"
    assert logger.log("q", "b", id="mine") == "mine"
    logger.log_feedback("mine", scores={"thumbs": 1}, comment="nice", source="app")
    assert logger.flush()
    (row,) = rows("project_name:bot")
    assert (row["output"], row["scores"], row["comments"][0]["_audit_source"]) == ("b", {"thumbs": 1}, "app")


def test_ids_of_a_span_may_be_given() -> None:
    logger = init_logger("bot")
    root = "0af7651916cd43dd8448eb211c80319c"
    with logger.start_span("a", span_id="b7ad6b7169203331", root_span_id=root, input=1) as span:
        pass
    assert (span.id, span.root_span_id) == ("b7ad6b7169203331", root)
    other = logger.start_span(root_span_id=root, span_attributes={"k": 1}, state=None)
    other.end()
    flush()
    assert [(row["root_span_id"], row["span_attributes"]) for row in rows("project_name:bot")] == [
        (root, {"name": "a", "type": "task"}),
        (root, {"name": "root", "type": "task", "k": 1}),
    ]


def test_logging_beside_spans_is_refused_unless_it_is_meant() -> None:
    logger = init_logger("bot")
    logger.start_span("a").end()
    with pytest.raises(EvalError, match="allow_concurrent_with_spans=True"):
        logger.log("q")
    assert logger.log("q", allow_concurrent_with_spans=True)


def test_a_row_is_updated_by_its_id() -> None:
    logger = init_logger("bot", async_flush=False)
    row_id = logger.log("q", metadata={"a": 1})
    logger.update_span(row_id, metadata={"b": 2})
    assert logger.flush()
    (row,) = rows("project_name:bot")
    assert row["metadata"] == {"a": 1, "b": 2}


def test_log_records_are_rows_of_the_current_trace_else_of_one_of_their_own() -> None:
    logger = init_logger("bot")
    assert logger.info("hello {name}, {unknown}", {"k": 1}, name="bob")
    assert logger.fatal({"no": "text"})
    with start_span("above") as above:
        logger.warn("inside")
    flush()
    first, second, inside, _ = sorted(
        rows("project_name:bot"), key=lambda row: row["span_attributes"]["name"] == "above"
    )
    assert first["output"] == "hello bob, {unknown}"
    assert first["metadata"] == {
        "k": 1,
        "braintrust.template": "hello {name}, {unknown}",
        "braintrust.template.parameter.name": "bob",
    }
    assert first["metrics"]["start"] == first["metrics"]["end"]
    levels = [row["span_attributes"]["log_level"] for row in (first, second, inside)]
    assert levels == ["info", "fatal", "warn"]
    assert {row["span_attributes"]["type"] for row in (first, second, inside)} == {"log"}
    assert first["root_span_id"] == second["root_span_id"] != inside["root_span_id"] == above.root_span_id
    assert inside["span_parents"] == [above.id]
    with pytest.raises(ConfigError, match="'loud' is no level"):
        logger.emit_log("a", "loud")  # pyright: ignore[reportArgumentType]


def test_every_level_has_a_method() -> None:
    logger = init_logger("bot")
    for write in (logger.trace, logger.debug, logger.error):
        write("a")
    flush()
    assert [row["span_attributes"]["log_level"] for row in rows("project_name:bot")] == [
        "trace",
        "debug",
        "error",
    ]


def test_the_project_has_an_id() -> None:
    logger = init_logger("bot")
    assert logger.id == logger.project.id == init_logger("bot").id
    assert logger.org_id is None
    assert init_logger(project_id="an id").project.id == "an id"


def test_spans_begin_below_what_it_exports() -> None:
    exported = init_logger("bot", set_current=False).export()
    start_span("elsewhere", parent=exported).end()
    flush()
    assert [row["span_attributes"]["name"] for row in rows("project_name:bot")] == ["elsewhere"]


def test_what_belongs_to_another_library_is_refused() -> None:
    with pytest.raises(ConfigError, match="environment belongs to Braintrust's own library"):
        init_logger("bot", environment=object())
