"""Records of the standard library as rows."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from spanscore import BraintrustLogHandler, flush, init_logger, start_span
from spanscore.api._recording import ensure_recording
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent

pytestmark = pytest.mark.core


@pytest.fixture
def shop() -> Iterator[logging.Logger]:
    logger = logging.getLogger("shop")
    handler = BraintrustLogHandler(init_logger("bot"), level=logging.INFO)
    logger.addHandler(handler)
    logger.setLevel(1)
    yield logger
    logger.removeHandler(handler)


def rows() -> list[dict[str, Any]]:
    flush()
    store = SqliteStore(ensure_recording().settings.home / "spanscore.db")
    return [row.as_dict() for row in store.rows(Parent.parse("project_name:bot"))]


def test_a_record_is_a_row_with_what_it_says(shop: logging.Logger) -> None:
    with start_span("above") as above:
        shop.warning("%s is out of stock", "tea", extra={"shelf": 3})
    row = next(row for row in rows() if row["span_attributes"]["type"] == "log")
    assert (row["output"], row["span_parents"]) == ("tea is out of stock", [above.id])
    metadata = row["metadata"]
    assert metadata["shelf"] == 3
    assert metadata["logger.name"] == "shop"
    assert metadata["code.function.name"] == "test_a_record_is_a_row_with_what_it_says"
    assert metadata["braintrust.template"] == "%s is out of stock"
    assert metadata["braintrust.template.parameter.0"] == "tea"


def test_levels_are_told_and_those_below_left_out(shop: logging.Logger) -> None:
    for level in (1, logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL):
        shop.log(level, "a")
    levels = [row["span_attributes"]["log_level"] for row in rows()]
    assert levels == ["info", "warn", "error", "fatal"]


def test_an_error_has_its_traceback(shop: logging.Logger) -> None:
    try:
        raise KeyError("gold")
    except KeyError:
        shop.exception("it failed")
    (row,) = rows()
    assert row["output"].startswith("it failed\nTraceback")
    assert row["output"].endswith("KeyError: 'gold'")


def test_a_record_whose_arguments_do_not_fit_is_a_row_of_its_text() -> None:
    handler = BraintrustLogHandler(init_logger("bot"))
    handler.handle(logging.makeLogRecord({"name": "shop", "msg": "%s and %s", "args": (1,), "levelno": 50}))
    (row,) = rows()
    assert (row["output"], row["metadata"]["braintrust.template.parameter.0"]) == ("%s and %s", 1)


def test_records_of_our_own_are_left_out() -> None:
    handler = BraintrustLogHandler(init_logger("bot"))
    for name in ("spanscore", "spanscore.x", "urllib3.connectionpool"):
        handler.handle(logging.makeLogRecord({"name": name, "msg": "a", "levelno": 50}))
    assert rows() == []
